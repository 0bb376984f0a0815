import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an installation makes up once and must keep: passwords of its database roles, the key that seals secrets. */
export type Secrets = { readonly databasePassword: string; readonly migratorPassword: string; readonly secretsKey: string };

const makeSecrets = (): Secrets => ({
  databasePassword: randomBytes(24).toString('base64url'),
  migratorPassword: randomBytes(24).toString('base64url'),
  secretsKey: randomBytes(32).toString('base64'),
});

/** Opens the data folder, making it and its secrets at the first start. Secrets are readable by the owner alone. */
export const openDataFolder = (folder: string): Secrets => {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'secrets.json');
  if (!existsSync(file)) writeWhole(file, JSON.stringify(makeSecrets()));
  chmodSync(file, 0o600);
  return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
};

/** A file is there whole or not at all, whenever the process is killed. */
const writeWhole = (file: string, content: string): void => {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
};

const demonstrationMark = (folder: string): string => join(folder, 'demonstration-loaded');

export const isDemonstrationLoaded = (folder: string): boolean => existsSync(demonstrationMark(folder));
export const markDemonstrationLoaded = (folder: string): void => writeWhole(demonstrationMark(folder), new Date().toISOString());
