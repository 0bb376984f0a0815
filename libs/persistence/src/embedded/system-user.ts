import { spawnSync } from 'node:child_process';
import { chownSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

export type SystemUser = { readonly name: string; readonly uid: number; readonly gid: number };

const lookUp = (name: string): SystemUser | undefined => {
  const id = (flag: string): number => Number(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout.trim() || Number.NaN);
  const uid = id('-u');
  return Number.isInteger(uid) && uid > 0 ? { name, uid, gid: id('-g') } : undefined;
};

/** PostgreSQL refuses to run as root; then it runs as `postgres`, or where there is none as `nobody`. */
export const userForPostgres = (): SystemUser | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const user = lookUp('postgres') ?? lookUp('nobody');
  if (!user) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody; start as another user.');
  return user;
};

/** @throws Error naming the folder that the user cannot enter */
export const ensureReachable = (path: string, user: SystemUser | undefined): void => {
  if (!user) return;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (!stat || stat.uid === user.uid) continue;
    const enter = stat.gid === user.gid ? 0o010 : 0o001;
    if (stat.isDirectory() && (stat.mode & enter) === 0) {
      throw new Error(`PostgreSQL runs as ${user.name}, who may not enter ${folder}. Allow it (chmod o+x ${folder}), start as a user other than root, or choose a data folder elsewhere.`);
    }
  }
};

/** Gives a folder and everything in it to the user. */
export const giveTo = (path: string, user: SystemUser | undefined): void => {
  if (!user) return;
  chownSync(path, user.uid, user.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(join(path, name), user);
};
