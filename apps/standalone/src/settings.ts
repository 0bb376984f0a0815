import { resolve } from 'node:path';
import { hostSetting, portSetting, readConfig } from '@common-ground/platform';
import { z } from 'zod';

export type StandaloneSettings = {
  /** Everything lives here and survives a restart. */
  readonly dataFolder: string;
  readonly host: string;
  /** Of the GraphQL gateway. */
  readonly port: number;
  /** Of the embedded OpenID provider. */
  readonly identityPort: number;
  /** 0: any free one. */
  readonly postgresPort: number;
  readonly loadDemonstration: boolean;
  readonly logLevel: string;
  readonly smtp?: { readonly smtpUrl: string; readonly from: string } | undefined;
};

const environment = z.object({
  COMMON_GROUND_DATA: z.string().default('data'),
  COMMON_GROUND_HOST: hostSetting(),
  COMMON_GROUND_PORT: portSetting(4000),
  COMMON_GROUND_IDENTITY_PORT: portSetting(4001),
  COMMON_GROUND_POSTGRES_PORT: portSetting(0),
  COMMON_GROUND_DEMONSTRATION: z.enum(['true', 'false'], { error: 'give true or false' }).default('true'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('warn'),
  SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'give smtp://user:password@host:port' }).optional(),
  SMTP_FROM: z.string().default('common-ground@localhost'),
});

/** The only reader of the environment in this program. */
export const readSettings = (env: Readonly<Record<string, string | undefined>> = process.env): StandaloneSettings => {
  const read = readConfig(environment, env);
  return {
    dataFolder: resolve(read.COMMON_GROUND_DATA),
    host: read.COMMON_GROUND_HOST,
    port: read.COMMON_GROUND_PORT,
    identityPort: read.COMMON_GROUND_IDENTITY_PORT,
    postgresPort: read.COMMON_GROUND_POSTGRES_PORT,
    loadDemonstration: read.COMMON_GROUND_DEMONSTRATION === 'true',
    logLevel: read.LOG_LEVEL,
    smtp: read.SMTP_URL ? { smtpUrl: read.SMTP_URL, from: read.SMTP_FROM } : undefined,
  };
};
