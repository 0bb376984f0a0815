import { describe, expect, it } from '@jest/globals';
import { simplexSolver } from '@common-ground/statistics';
import { isHit, tableOf, type Check } from './check.js';
import { coverage } from './coverage.js';
import { powerOfDesigns } from './power.js';
import { runLengths } from './run-lengths.js';
import { suppressionBy } from './suppression.js';

/** Small enough for every run of the tests; the bands are for the full size, so only what holds at any size is asserted. */
const SMALL = 0.001;

describe('simulations', () => {
  it.each([coverage, powerOfDesigns, runLengths].map((one) => [one.name, one] as const))(
    'of %s give the same finite figures again',
    (_, simulation) => {
      const checks = simulation.run(SMALL);
      expect(checks.length).toBeGreaterThan(3);
      for (const one of checks) expect(Number.isFinite(one.measured) && one.least < one.most).toBe(true);
      expect(simulation.run(SMALL)).toEqual(checks);
    },
  );

  it('of suppression leave no cell that can be solved', () => {
    const [solvable, small] = suppressionBy(simplexSolver).run(SMALL);
    expect(solvable).toMatchObject({ measured: 0, runs: 10 });
    expect(small!.measured).toBeGreaterThan(1);
  });
});

describe('a check', () => {
  const check = (measured: number): Check => ({ name: 'share', measured, least: 0.93, most: 0.97, runs: 100 });

  it('is missed outside its band, and never met by what is no number', () => {
    expect([0.93, 0.95, 0.97].map((value) => isHit(check(value)))).toEqual([true, true, true]);
    expect([0.9299, 0.9701, Number.NaN].map((value) => isHit(check(value)))).toEqual([false, false, false]);
  });

  it('says in the table that it was missed', () => {
    const [, hit, missed] = tableOf([check(0.95), check(0.9)]).split('\n');
    expect(hit).toMatch(/share +0\.95000 +0\.93000 +0\.97000 +100 +ok$/);
    expect(missed).toMatch(/0\.90000 .* MISSED$/);
  });
});
