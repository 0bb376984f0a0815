import type { Stage } from '../stage/stage.js';
import type { BenchResult } from './result.js';

export type BenchOptions = {
  /** Tiny sizes and one round: whether answers are right, not how fast. */
  readonly quick: boolean;
  /** Whether a broker can be had: Java and Maven are there, or KAFKA_BROKERS names one. */
  readonly kafka: boolean;
  /** Databases and processes of the benchmark's own; it closes what it opens. */
  readonly open: () => Promise<Stage>;
  readonly say: (line: string) => void;
};

/** One entry of `npm run bench -- NAME`. It may give several results; each names itself. */
export type Benchmark = {
  readonly name: string;
  readonly title: string;
  /** @throws Error when an answer is wrong */
  readonly run: (options: BenchOptions) => Promise<readonly BenchResult[]>;
};
