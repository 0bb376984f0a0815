import { readConfig, readServiceConfig, type ServiceConfig } from '@common-ground/platform';
import { z } from 'zod';
import { type AlertSettings, USUAL_DELIVERY } from './settings.js';

export type RiskMonitoringConfig = ServiceConfig & { readonly alerts: AlertSettings };

type Environment = Readonly<Record<string, string | undefined>>;

/** One key in base64, or several with commas while one takes the place of another: the first seals, all open. */
export const secretsKeysOf = (text: string): readonly Buffer[] => text.split(',').map((key) => Buffer.from(key.trim(), 'base64'));

const flag = z.enum(['true', 'false'], { error: 'give true or false' }).default('false').transform((value) => value === 'true');

const environment = z
  .object({
    RISK_SECRETS_KEY: z
      .string({ error: 'set it to 32 random bytes in base64 (openssl rand -base64 32) and keep it: it seals addresses and signing secrets' })
      .transform(secretsKeysOf)
      .refine((keys) => keys.every(({ length }) => length === 32), { error: 'give 32 bytes in base64 (openssl rand -base64 32); while the key is exchanged NEW,OLD' }),
    SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'give smtp://user:password@host:port' }).optional(),
    SMTP_FROM: z.string().max(254).regex(/@/, { error: 'give the address that alerts come from' }).optional(),
    PORTAL_URL: z.url({ protocol: /^https?$/, error: 'give the address of the portal' }).optional(),
    WEBHOOK_ALLOW_LOOPBACK: flag,
    WEBHOOK_ALLOW_PRIVATE_NETWORKS: flag,
  })
  .superRefine((value, context) => {
    if (value.SMTP_URL && !value.SMTP_FROM) context.addIssue({ code: 'custom', path: ['SMTP_FROM'], message: 'give the address that alerts come from' });
  });

export const readAlertSettings = (env: Environment): AlertSettings => {
  const read = readConfig(environment, env);
  return {
    secretsKeys: read.RISK_SECRETS_KEY,
    email: read.SMTP_URL && read.SMTP_FROM ? { smtpUrl: read.SMTP_URL, from: read.SMTP_FROM } : undefined,
    webhooks: { allowLoopback: read.WEBHOOK_ALLOW_LOOPBACK, allowPrivateNetworks: read.WEBHOOK_ALLOW_PRIVATE_NETWORKS },
    portalUrl: read.PORTAL_URL,
    delivery: USUAL_DELIVERY,
  };
};

export const readRiskMonitoringConfig = (env: Environment): RiskMonitoringConfig => ({
  ...readServiceConfig('risk-monitoring', 'risk_monitoring', { grpc: 7003, http: 7103 }, env),
  alerts: readAlertSettings(env),
});

/** The only reader of the environment in this service. */
export const readEnvironment = (env: Environment = process.env) => ({
  config: readRiskMonitoringConfig(env),
  migrateFirst: env['MIGRATE'] === 'true',
  exportTraces: Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT']),
});
