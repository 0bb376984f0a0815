import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import { ConfigError, hostSetting, portSetting, readConfig } from './read-config.js';
import { readServiceConfig } from './service-config.js';

const schema = z.object({ HTTP_HOST: hostSetting(), HTTP_PORT: portSetting(7101), DATABASE_PASSWORD: z.string({ error: 'set it to the role’s password' }).min(12, 'give at least 12 characters') });

const complaintOf = (env: Record<string, string | undefined>, about: z.ZodType = schema): string => {
  try {
    readConfig(about, env);
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
};

describe('settings', () => {
  it('takes what is given and fills in the rest; an empty variable is not set', () => {
    expect(readConfig(schema, { HTTP_HOST: '', HTTP_PORT: '0', DATABASE_PASSWORD: 'long enough it is' })).toEqual({ HTTP_HOST: '127.0.0.1', HTTP_PORT: 0, DATABASE_PASSWORD: 'long enough it is' });
  });

  it('names every variable that is wrong, what it holds and what to give', () => {
    const complaint = complaintOf({ HTTP_PORT: 'http' });
    expect(complaint).toContain('HTTP_PORT is "http": give a port from 0 to 65535');
    expect(complaint).toContain('DATABASE_PASSWORD is not set: set it to the role’s password');
  });

  it('never repeats a secret', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{8,11}$/), (secret) => {
        expect(complaintOf({ DATABASE_PASSWORD: secret })).not.toContain(secret);
        expect(complaintOf({ LOG_URL: `ftp://somebody:${secret}@host` }, z.object({ LOG_URL: z.url({ protocol: /^postgres$/ }) }))).not.toContain(secret);
      }),
    );
  });

  it('refuses any port that is none', () => {
    fc.assert(fc.property(fc.oneof(fc.integer({ min: 65_536 }), fc.integer({ max: -1 }), fc.double({ min: 0.1, max: 0.9 })), (port) => expect(complaintOf({ HTTP_PORT: String(port), DATABASE_PASSWORD: 'long enough it is' })).toContain('HTTP_PORT')));
  });
});

describe('settings of a service', () => {
  const read = (env: Record<string, string>) => readServiceConfig('registry', 'registry', { grpc: 7001, http: 7101 }, env);
  const least = { DATABASE_PASSWORD: 'secret', OIDC_ISSUER: 'https://id.example', KAFKA_BROKERS: 'one:9092, two:9092' };

  it('needs a password, a provider and a log; listens on this machine alone unless told otherwise', () => {
    expect(read(least)).toMatchObject({
      grpc: { host: '127.0.0.1', port: 7001 },
      database: { app: { user: 'registry_app', port: 5432 }, migrator: { user: 'registry_migrator' } },
      log: { kind: 'kafka', brokers: ['one:9092', 'two:9092'] },
      identity: { issuer: 'https://id.example', audience: 'common-ground', jwksUri: undefined },
    });
    expect(() => read({ ...least, DATABASE_PASSWORD: '', OIDC_ISSUER: 'nowhere' })).toThrow(/DATABASE_PASSWORD is not set[^]*OIDC_ISSUER is "nowhere"/);
  });

  it('asks for what the chosen log needs', () => {
    expect(() => read({ ...least, KAFKA_BROKERS: '' })).toThrow('KAFKA_BROKERS is not set: name the brokers');
    expect(() => read({ ...least, LOG_TRANSPORT: 'postgres' })).toThrow('LOG_DATABASE_URL');
    expect(read({ ...least, LOG_TRANSPORT: 'postgres', LOG_DATABASE_URL: 'postgres://log:p%40ss@db:6543/log' }).log).toEqual({ kind: 'postgres', database: { host: 'db', port: 6543, database: 'log', user: 'log', password: 'p@ss' } });
  });
});
