import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BENCHMARKS } from './benchmarks.js';
import { faultOf } from './harness/result.js';
import { Stage } from './stage/stage.js';

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
});
afterAll(() => stage?.close());

/** Whether answers are right; how fast they come says nothing here. A broker takes longer to start than all of it, and its adapter has suites of its own. */
describe('the benchmark', () => {
  it.each(BENCHMARKS.map((benchmark, index) => ({ ...benchmark, index })))('$name finds every answer right', async ({ run, index }) => {
    const results = await run({ quick: true, kafka: false, open: async () => stage.within(`quick${index}_`), say: () => undefined });
    expect(results.map(faultOf)).toEqual(results.map(() => undefined));
    expect(results.length).toBeGreaterThan(0);
  });

  it('is named once', () => {
    expect(new Set(BENCHMARKS.map(({ name }) => name)).size).toBe(BENCHMARKS.length);
  });
});
