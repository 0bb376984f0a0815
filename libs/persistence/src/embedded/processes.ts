import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** `/proc/<pid>/stat` from the third word on; a name in it may hold blanks and brackets. */
const statOf = (pid: number): readonly string[] => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
  } catch {
    return [];
  }
};

const ps = (pid: number, column: string): string => (process.platform === 'win32' ? '' : spawnSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).stdout?.trim() ?? '');

/** One that has ended and waits for its parent to notice counts as gone. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return statOf(pid)[0] !== 'Z';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** When a process began, in words of the system: its number may be another's by now. Empty where nobody can tell. */
export const beginningOf = (pid: number): string => (process.platform === 'linux' ? (statOf(pid)[19] ?? '') : ps(pid, 'lstart'));

/** The program and its arguments; empty when the process is gone. */
export const commandOf = (pid: number): readonly string[] => {
  if (process.platform !== 'linux') return ps(pid, 'command').split(' ');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return [];
  }
};
