import { describe, expect, it } from '@jest/globals';
import { readSchedulingConfig } from './config.js';

const env = { DATABASE_PASSWORD: 'secret', KAFKA_BROKERS: 'one:9092,two:9092', OIDC_ISSUER: 'https://sign-in.example' };

describe('settings', () => {
  it('have defaults for what is particular to scheduling', () => {
    expect(readSchedulingConfig(env)).toMatchObject({ service: 'scheduling', grpc: { port: 7002 }, http: { port: 7102 }, unrecorded: { afterEndMs: 86_400_000, afterPlanningMs: 900_000, everyMs: 60_000 } });
  });

  it('are read in the units of their names', () => {
    const own = { UNRECORDED_AFTER_HOURS: '1.5', UNRECORDED_PLANNED_BEFORE_MINUTES: '5', UNRECORDED_EVERY_SECONDS: '10' };
    expect(readSchedulingConfig({ ...env, ...own }).unrecorded).toEqual({ afterEndMs: 5_400_000, afterPlanningMs: 300_000, everyMs: 10_000 });
  });

  it.each([['0'], ['-1'], ['soon'], ['1e9']])('name the variable that is wrong: %s', (value) => {
    expect(() => readSchedulingConfig({ ...env, UNRECORDED_AFTER_HOURS: value })).toThrow('UNRECORDED_AFTER_HOURS');
  });
});
