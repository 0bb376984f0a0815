import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beginningOf, isAlive } from './processes.js';

type Owner = { readonly pid: number; readonly began: string };

const fileIn = (folder: string): string => join(folder, 'owner.json');

const read = (folder: string): Owner | undefined => {
  try {
    const { pid, began } = JSON.parse(readFileSync(fileIn(folder), 'utf8')) as Partial<Owner>;
    return typeof pid === 'number' && typeof began === 'string' ? { pid, began } : undefined;
  } catch {
    return undefined;
  }
};

/** The live process that uses a data folder, if one does. */
export const findOwner = (folder: string): number | undefined => {
  const owner = read(folder);
  return owner && isAlive(owner.pid) && beginningOf(owner.pid) === owner.began ? owner.pid : undefined;
};

/** @throws Error when another live process uses the folder: its server is no stray */
export const takeFolder = (folder: string): void => {
  const mine = JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) });
  for (;;) {
    try {
      writeFileSync(fileIn(folder), mine, { flag: 'wx', mode: 0o644 });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = findOwner(folder);
      if (owner !== undefined) throw new Error(`The data in ${folder} are in use by process ${owner}; stop it first, or choose another folder.`, { cause: error });
      rmSync(fileIn(folder), { force: true });
    }
  }
};

export const leaveFolder = (folder: string): void => {
  if (read(folder)?.pid === process.pid) rmSync(fileIn(folder), { force: true });
};
