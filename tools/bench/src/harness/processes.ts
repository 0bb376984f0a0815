import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of one tick of /proc: USER_HZ is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

type Process = { readonly pid: number; readonly parent: number; readonly ownMs: number; readonly endedChildrenMs: number };

/** @returns undefined when it has ended, or where there is no /proc */
const readProcess = (pid: number): Process | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name stands in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ').map(Number);
    const [parent, user, system, childUser, childSystem] = [fields[1], fields[11], fields[12], fields[13], fields[14]] as [number, number, number, number, number];
    return { pid, parent, ownMs: (user + system) * TICK_MS, endedChildrenMs: (childUser + childSystem) * TICK_MS };
  } catch {
    return undefined;
  }
};

const allProcesses = (): Process[] => {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => readProcess(Number(name)) ?? []);
  } catch {
    return [];
  }
};

const treeOf = (root: number): Process[] => {
  const all = allProcesses();
  const found = all.filter(({ pid }) => pid === root);
  for (let index = 0; index < found.length; index += 1) found.push(...all.filter(({ parent }) => parent === found[index]?.pid));
  return found;
};

/** CPU that these processes and all below them have taken so far. @returns undefined where the system does not tell */
export const cpuMsOf = (pids: readonly number[]): number | undefined => {
  const found = pids.flatMap(treeOf);
  if (found.length === 0) return undefined;
  return found.reduce((sum, { ownMs, endedChildrenMs }) => sum + ownMs + endedChildrenMs, 0);
};

/** Proportional share of memory in MiB (what is shared is counted once) of these processes and all below them. */
export const memoryMbOf = (pids: readonly number[]): number | undefined => {
  const found = pids.flatMap(treeOf);
  if (found.length === 0) return undefined;
  return found.reduce((sum, { pid }) => sum + memoryKbOf(pid), 0) / 1024;
};

const memoryKbOf = (pid: number): number => {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0);
  } catch {
    return 0;
  }
};

/** Runs work and tells how long it took and what CPU these processes spent on it. */
export const timed = async (pids: readonly number[], operations: number, work: () => Promise<void>): Promise<{ operations: number; seconds: number; cpuMs: number | undefined }> => {
  const [before, started] = [cpuMsOf(pids), performance.now()];
  await work();
  const seconds = (performance.now() - started) / 1000;
  const after = cpuMsOf(pids);
  return { operations, seconds, cpuMs: before === undefined || after === undefined ? undefined : after - before };
};
