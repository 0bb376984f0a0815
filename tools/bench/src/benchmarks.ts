import type { Benchmark } from './harness/benchmark.js';
import { a1 } from './suites/a1-alert.js';
import { f1 } from './suites/f1-start.js';
import { p1Fold } from './suites/p1-projection.js';
import { p1Rebuild } from './suites/p1-rebuild.js';
import { r1 } from './suites/r1-table.js';
import { w1 } from './suites/w1-record-one.js';
import { w2 } from './suites/w2-offline-batch.js';
import { w3 } from './suites/w3-outbox.js';

/** Every benchmark, in the order in which `npm run bench` runs them. */
export const BENCHMARKS: readonly Benchmark[] = [w1, w2, w3, p1Fold, p1Rebuild, r1, a1, f1];
