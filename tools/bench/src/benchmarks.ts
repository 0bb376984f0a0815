import type { Benchmark } from './harness/benchmark.js';

/** Every benchmark, in the order in which `npm run bench` runs them. */
export const BENCHMARKS: readonly Benchmark[] = [];
