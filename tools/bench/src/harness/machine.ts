import { cpus, totalmem } from 'node:os';
import type { Machine } from './result.js';

const GIB = 1024 ** 3;

/** What this runs on, without a name. */
export const describeMachine = (software: Pick<Machine, 'postgres' | 'kafka'> = {}): Machine => ({
  cores: cpus().length,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  memoryGb: Math.round(totalmem() / GIB),
  platform: `${process.platform} ${process.arch}`,
  node: process.versions.node,
  ...software,
});
