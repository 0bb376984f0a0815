import { z } from 'zod';

/** A setting is missing or wrong; the message names every variable and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const SECRET = /PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY|CREDENTIAL/i;
/** `//user:password@` of an address. */
const CREDENTIALS = /\/\/[^/@]*@/g;

const shown = (name: string, value: string | undefined): string => {
  if (value === undefined || value === '') return 'is not set';
  return SECRET.test(name) ? 'has a value that does not do' : `is ${JSON.stringify(value.replace(CREDENTIALS, '//(withheld)@').slice(0, 60))}`;
};

/**
 * Reads settings from the environment; an empty variable counts as not set.
 *
 * @throws ConfigError naming each variable that is wrong
 */
export const readConfig = <T extends z.ZodType>(schema: T, env: Readonly<Record<string, string | undefined>>): z.output<T> => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return `${name} ${shown(name, env[name])}: ${message}`;
  });
  throw new ConfigError(`These settings need a look:\n${lines.map((line) => `  ${line}`).join('\n')}`);
};

export const portSetting = (otherwise: number) => z.coerce.number({ error: 'give a port from 0 to 65535' }).int().min(0).max(65_535).default(otherwise);
export const hostSetting = (otherwise = '127.0.0.1') => z.string().min(1).default(otherwise);
