import { existsSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const STOP_MS = 10_000;

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** True when the process is a PostgreSQL on this very folder, as far as the system tells. */
const servesFolder = (pid: number, folder: string): boolean => {
  if (process.platform !== 'linux') return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === folder || readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(folder);
  } catch {
    return false;
  }
};

/** The pid in `postmaster.pid` of a server that runs on this folder, if one does. */
export const findServer = (folder: string): number | undefined => {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  const pid = Number.parseInt(readFileSync(file, 'utf8').split('\n')[0] ?? '', 10);
  return Number.isInteger(pid) && pid > 1 && alive(pid) && servesFolder(pid, folder) ? pid : undefined;
};

/** Stops the server that a killed process left running on the folder, and clears the lock of one that is gone. */
export const stopStrayServer = async (folder: string): Promise<boolean> => {
  const pid = findServer(folder);
  if (pid === undefined) {
    rmSync(join(folder, 'postmaster.pid'), { force: true });
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
