import { closeOnSignals, hostSetting, portSetting, readConfig, runMain } from '@common-ground/platform';
import { z } from 'zod';
import { startIdentityProvider } from './identity-provider.js';
import { DEMONSTRATION_MISSIONS, demonstrationUsers } from './users.js';

const list = (text: string): string[] => text.split(',').map((part) => part.trim());

const environment = z.object({
  IDENTITY_HOST: hostSetting(),
  IDENTITY_PORT: portSetting(7000),
  IDENTITY_ISSUER: z.url({ error: 'give the address that people reach the sign-in service by, or leave it out' }).optional(),
  IDENTITY_FOLDER: z.string({ error: 'name the folder where keys are kept' }),
  IDENTITY_MISSIONS: z
    .string()
    .regex(/^[A-Z]{2}(\s*,\s*[A-Z]{2})*$/, 'list country codes, as PE,TR')
    .default(DEMONSTRATION_MISSIONS.join()),
  IDENTITY_FACILITATES: z
    .string()
    .regex(/^[A-Z]{2}\/[0-9a-f-]{36}$/, 'give mission/intervention, as PE/3b9f6a2e-6f0e-5b5c-9a53-0a7d5c3e1f10')
    .optional(),
});

/** The sign-in service as a process of its own, for systems that have no OpenID provider yet. */
runMain(async () => {
  const read = readConfig(environment, process.env);
  const [mission, interventionId] = read.IDENTITY_FACILITATES?.split('/') ?? [];
  const provider = await startIdentityProvider({
    host: read.IDENTITY_HOST,
    port: read.IDENTITY_PORT,
    issuer: read.IDENTITY_ISSUER,
    folder: read.IDENTITY_FOLDER,
    users: demonstrationUsers({ missions: list(read.IDENTITY_MISSIONS), ...(mission && interventionId ? { facilitates: { mission, interventionId } } : {}) }),
  });
  process.stdout.write(`The sign-in service listens at ${provider.issuer}\n`);
  closeOnSignals(() => provider.close());
});
