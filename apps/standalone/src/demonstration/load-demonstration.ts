import { signInWithPassword } from '@common-ground/platform';
import { importProgramme, type Connection, type ImportSummary } from '@common-ground/programme-folder';
import { PORTAL_CLIENT } from '../identity-provider/identity-provider.js';
import { demonstrationProgramme } from './demonstration-programme.js';

/** Puts the demonstration missions in through the front door, as an administrator would; nobody is alerted. */
export const loadDemonstration = async (
  { graphqlUrl, issuer }: { readonly graphqlUrl: string; readonly issuer: string },
  onProgress: (share: number) => void,
): Promise<ImportSummary> => {
  const { accessToken } = await signInWithPassword({ issuer, clientId: PORTAL_CLIENT, username: 'administrator', password: 'administrator-demo' });
  const connection: Connection = { url: graphqlUrl, token: () => Promise.resolve(accessToken), quiet: true };
  return importProgramme(connection, demonstrationProgramme(new Date()), (done, total) => onProgress(done / total));
};
