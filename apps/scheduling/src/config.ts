import { readConfig, readServiceConfig, type ServiceConfig } from '@common-ground/platform';
import { z } from 'zod';

/** When an activity that nobody recorded is noticed. Milliseconds. */
export type UnrecordedConfig = { readonly afterEndMs: number; readonly afterPlanningMs: number; readonly everyMs: number };

export type SchedulingConfig = ServiceConfig & {
  /** By default a day after its end, at least a quarter of an hour after it was planned; looked for every minute. */
  readonly unrecorded?: UnrecordedConfig;
  /** How long a command waits for the fact of something that was made just now; 5 seconds when not said. */
  readonly factWaitMs?: number;
};

const MINUTE_MS = 60_000;
export const UNRECORDED: UnrecordedConfig = { afterEndMs: 24 * 60 * MINUTE_MS, afterPlanningMs: 15 * MINUTE_MS, everyMs: MINUTE_MS };
export const FACT_WAIT_MS = 5_000;

type Environment = Readonly<Record<string, string | undefined>>;

const positive = (otherwise: number) => z.coerce.number({ error: 'give a number above 0' }).positive('give a number above 0').max(100_000, 'give at most 100000').default(otherwise);
const own = z.object({ UNRECORDED_AFTER_HOURS: positive(24), UNRECORDED_PLANNED_BEFORE_MINUTES: positive(15), UNRECORDED_EVERY_SECONDS: positive(60) });

export const readSchedulingConfig = (env: Environment): SchedulingConfig => {
  const { UNRECORDED_AFTER_HOURS: hours, UNRECORDED_PLANNED_BEFORE_MINUTES: minutes, UNRECORDED_EVERY_SECONDS: seconds } = readConfig(own, env);
  return {
    ...readServiceConfig('scheduling', 'scheduling', { grpc: 7002, http: 7102 }, env),
    unrecorded: { afterEndMs: hours * 60 * MINUTE_MS, afterPlanningMs: minutes * MINUTE_MS, everyMs: seconds * 1_000 },
  };
};

/** The only reader of the environment in this service. */
export const readEnvironment = (env: Environment = process.env) => ({
  config: readSchedulingConfig(env),
  migrateFirst: env['MIGRATE'] === 'true',
  exportTraces: Boolean(env['OTEL_EXPORTER_OTLP_ENDPOINT']),
});
