import { type ChildProcessByStdio, spawn, spawnSync, type SpawnOptionsWithStdioTuple, type StdioNull, type StdioPipe } from 'node:child_process';
import { chownSync, existsSync, lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

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

/** The first folder above a path that the user may not enter, if there is one. */
export const closedFolder = (path: string, user: SystemUser | undefined): string | undefined => {
  if (!user) return undefined;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (!stat || stat.uid === user.uid) continue;
    const enter = stat.gid === user.gid ? 0o010 : 0o001;
    if (stat.isDirectory() && (stat.mode & enter) === 0) return folder;
  }
  return undefined;
};

const SETPRIV = '/usr/bin/setpriv';
type Started = ChildProcessByStdio<null, Readable, Readable>;

/**
 * Starts a program as the user, in a process group of its own: Ctrl+C in a terminal must not stop it before those who need it.
 * Where the user may not pass (a checkout below /root), it is lent the one capability that lets it.
 *
 * @throws Error naming the folder that stands in the way, where no such capability can be lent
 */
export const startAs = (user: SystemUser | undefined, command: string, args: readonly string[], folder: string): Started => {
  const options: SpawnOptionsWithStdioTuple<StdioNull, StdioPipe, StdioPipe> = { stdio: ['ignore', 'pipe', 'pipe'], detached: process.platform !== 'win32', cwd: folder, env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } };
  if (!user) return spawn(command, args, options);
  const closed = closedFolder(command, user) ?? closedFolder(folder, user);
  if (!closed) return spawn(command, args, { ...options, uid: user.uid, gid: user.gid });
  if (!existsSync(SETPRIV)) throw new Error(`PostgreSQL runs as ${user.name}, who may not enter ${closed}. Allow it (chmod o+x ${closed}), start as a user other than root, or put it elsewhere.`);
  return spawn(SETPRIV, [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', command, ...args], options);
};

/** Gives a folder and everything in it to the user. */
export const giveTo = (path: string, user: SystemUser | undefined): void => {
  if (!user) return;
  chownSync(path, user.uid, user.gid);
  if (!lstatSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) giveTo(join(path, name), user);
};
