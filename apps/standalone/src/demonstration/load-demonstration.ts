import { signInWithPassword } from '@common-ground/platform';
import { activityIdOf, commandIdOf, importProgramme, interventionIdOf, participantIdOf, requestGraphql, type Connection, type ImportSummary, type Programme } from '@common-ground/programme-folder';
import { PORTAL_CLIENT } from '../identity-provider/identity-provider.js';
import { demonstrationProgramme } from './demonstration-programme.js';

/** Puts the demonstration missions in through the front door, as an administrator would; nobody is alerted. */
export const loadDemonstration = async (
  { graphqlUrl, issuer }: { readonly graphqlUrl: string; readonly issuer: string },
  onProgress: (share: number) => void,
): Promise<ImportSummary> => {
  const { accessToken } = await signInWithPassword({ issuer, clientId: PORTAL_CLIENT, username: 'administrator', password: 'administrator-demo' });
  const connection: Connection = { url: graphqlUrl, token: () => Promise.resolve(accessToken), quiet: true };
  const programme = await demonstrationProgramme(new Date());
  const summary = await importProgramme(connection, programme, (done, total) => onProgress((IMPORTING * done) / total));
  if (summary.refusals.length === 0) await formGroupsAhead(connection, programme, (share) => onProgress(IMPORTING + (1 - IMPORTING) * share));
  return summary;
};

const IMPORTING = 0.9;
/** The groups of a first look are the same on every first start. */
const SEED = 2026;
/** The comparison arm is not expected; groups of the demonstration are as large as districts have them. */
const RULES = { sizeMin: 4, sizeMax: 6 };

const SERIES = 'mutation($input: FormSeriesGroupsInput!) { formSeriesGroups(input: $input) { errors { code message } } }';
const ROLES = 'mutation($input: AssignRolesInput!) { assignRoles(input: $input) { errors { code message } } }';

/** Rotating groups and roles for what is still to come, by the commands that a mission officer would give. */
const formGroupsAhead = async (connection: Connection, { interventions, activities, participants }: Programme, onProgress: (share: number) => void): Promise<void> => {
  for (const [index, { mission, intervention }] of interventions.entries()) {
    const interventionId = interventionIdOf(mission, intervention);
    const ahead = activities.filter((row) => row.intervention === intervention && row.status === 'planned').map(({ activity }) => activityIdOf(interventionId, activity));
    const absent = participants.filter((row) => row.intervention === intervention && row.arm === 'comparison').map(({ participant }) => participantIdOf(interventionId, participant));
    const absences = absent.length > 0 ? ahead.map((activityId) => ({ activityId, participantIds: absent })) : [];
    await command(connection, SERIES, { interventionId, activityIds: ahead, seed: SEED, rules: RULES, absences });
    for (const activityId of ahead) await command(connection, ROLES, { activityId });
    onProgress((index + 1) / interventions.length);
  }
};

/** @throws Error when the platform refuses what it takes from everybody else: then the demonstration is wrong */
const command = async (connection: Connection, mutation: string, input: object): Promise<void> => {
  const answer = await requestGraphql<Record<string, { readonly errors: readonly { readonly code: string; readonly message: string }[] }>>(connection, mutation, { input: { commandId: commandIdOf('demonstration', mutation, input), ...input } });
  const [error] = Object.values(answer).flatMap(({ errors }) => errors);
  if (error) throw new Error(`The demonstration's groups: ${error.code} ${error.message}`);
};
