export type { Benchmark, BenchOptions } from './harness/benchmark.js';
export { describeMachine } from './harness/machine.js';
export type { BenchResult, Machine, Target } from './harness/result.js';
export { writeResults } from './harness/results-folder.js';
export * from './harness/rounds.js';
