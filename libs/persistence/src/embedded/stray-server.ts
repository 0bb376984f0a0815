import { existsSync, readFileSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandOf, isAlive as alive } from './processes.js';

const STOP_MS = 10_000;

/** True only when the process is a PostgreSQL on this very folder: nothing else is ever stopped. */
const servesFolder = (pid: number, folder: string): boolean => {
  const words = commandOf(pid);
  if (!words.some((word) => /(^|[/\\])postgres(\.exe)?$/.test(word))) return false;
  if (words.includes(folder)) return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder);
  } catch {
    return false;
  }
};

/** The pid in `postmaster.pid`, true or not. */
const lockedBy = (folder: string): readonly number[] => {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return [];
  const pid = Number.parseInt(readFileSync(file, 'utf8').split('\n')[0] ?? '', 10);
  return Number.isInteger(pid) && pid > 1 ? [pid] : [];
};

/** The server that runs on this folder, if one does. */
export const findServer = (folder: string): number | undefined => lockedBy(folder).find((pid) => alive(pid) && servesFolder(pid, folder));

/**
 * Stops the server that a killed process left running on the folder. The lock of one that is gone is PostgreSQL's to judge:
 * sessions of it may still be writing, and only it can tell. Where the number has gone to another program, the lock is removed.
 */
export const stopStrayServer = async (folder: string): Promise<boolean> => {
  const pid = findServer(folder);
  if (pid === undefined) {
    if (lockedBy(folder).some(alive)) rmSync(join(folder, 'postmaster.pid'), { force: true });
    return false;
  }
  process.kill(pid, 'SIGINT');
  const until = Date.now() + STOP_MS;
  while (alive(pid) && Date.now() < until) await pause(50);
  if (alive(pid)) process.kill(pid, 'SIGQUIT');
  while (alive(pid) && Date.now() < until + STOP_MS) await pause(50);
  if (alive(pid)) throw new Error(`A PostgreSQL (process ${pid}) still runs on ${folder} and does not stop; end it and start again.`);
  return true;
};
