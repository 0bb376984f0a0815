import { describe, expect, it } from '@jest/globals';
import { brokenRules } from './broken-rules.js';
import { crampedCase, feasibleCase } from './cases.fixture.js';
import { compile } from './compile.js';
import { decide } from './feasibility.js';
import { formGroups } from './form-groups.js';
import { listRules } from './rule-list.js';

/** Never what decides: a bound for a machine that is busy with other work. */
const PATIENCE_MS = 600_000;

describe('rules that must hold', () => {
  it('hold in 10,000 random cases that can keep them', async () => {
    const broken: unknown[] = [];
    for (let seed = 1; seed <= 10_000; seed += 1) {
      const request = feasibleCase(seed);
      const result = await formGroups(request, { seed, steps: 2_000 });
      if (result.outcome !== 'formed') broken.push({ seed, conflict: result.conflict, proven: result.proven });
      else {
        const found = brokenRules(request, listRules(request), result.groups);
        const placed = new Set(result.groups.flatMap(({ people }) => people));
        if (found.length > 0 || placed.size !== request.people.length) broken.push({ seed, found });
      }
    }
    expect(broken).toEqual([]);
  }, PATIENCE_MS);

  it('are named as a set that cannot hold, of which each is needed, where they cannot hold', async () => {
    let [infeasible, proven] = [0, 0];
    for (let seed = 1; seed <= 120; seed += 1) {
      const request = crampedCase(seed);
      const result = await formGroups(request, { seed, steps: 2_000 });
      if (result.outcome === 'formed') {
        expect(brokenRules(request, listRules(request), result.groups)).toEqual([]);
        continue;
      }
      infeasible += 1;
      expect(result.conflict.length).toBeGreaterThan(0);
      // A question too large to settle is told as what it is: the best guess.
      if (!result.proven) continue;
      proven += 1;
      expect(decide(compile(request, result.conflict).problem).feasible).toBe(false);
      for (const rule of result.conflict) {
        const without = result.conflict.filter((other) => other !== rule);
        expect(decide(compile(request, without).problem).feasible).toBe(true);
      }
    }
    expect(infeasible).toBeGreaterThan(60);
    expect(proven / infeasible).toBeGreaterThan(0.95);
  }, PATIENCE_MS);
});
