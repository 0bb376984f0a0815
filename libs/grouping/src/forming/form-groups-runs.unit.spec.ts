import { describe, expect, it } from '@jest/globals';
import { brokenRules } from './broken-rules.js';
import { crampedCase, feasibleCase } from './cases.fixture.js';
import { formGroups } from './form-groups.js';
import { listRules } from './rule-list.js';
import type { Progress } from '../search/budget.js';

const CASES = Array.from({ length: 60 }, (_, index) => index + 1);
/** Looks at the clock pass time, and nothing else does. */
const clock = (perLook: number): { readonly now: () => number; looks: number } => {
  const made = { looks: 0, now: (): number => (made.looks += 1) * perLook };
  return made;
};

/** Rules come first, then the value. */
const isWorse = (now: Progress, before: Progress): boolean => now.penalty > before.penalty || (now.penalty === before.penalty && now.value < before.value);

describe('a run', () => {
  it('is the same for the same seed and steps, and tells another seed apart', async () => {
    let different = 0;
    for (const seed of CASES) {
      const request = feasibleCase(seed);
      const [one, again, other] = await Promise.all([seed, seed, seed + 1_000].map((own) => formGroups(request, { seed: own, steps: 30_000 })));
      expect(again).toEqual(one);
      if (JSON.stringify(other) !== JSON.stringify({ ...one, run: { ...one?.run, seed: seed + 1_000 } })) different += 1;
    }
    expect(different).toBeGreaterThan(0);
  });

  it('that time has ended can be had again by its steps', async () => {
    for (const seed of CASES.slice(0, 20)) {
      const request = feasibleCase(seed);
      const timed = await formGroups(request, { seed, milliseconds: 20, now: clock(1).now });
      expect(timed).toMatchObject({ outcome: 'formed', run: { endedBy: 'time' } });
      const again = await formGroups(request, { seed, steps: timed.run.steps });
      expect({ ...again, run: undefined }).toEqual({ ...timed, run: undefined });
      expect(again.run.steps).toBe(timed.run.steps);
    }
  });

  it('is never worse for more steps, and its progress never falls', async () => {
    for (const seed of CASES) {
      const request = feasibleCase(seed);
      const values: number[] = [];
      for (const steps of [2_000, 20_000, 200_000]) {
        const told: Progress[] = [];
        const result = await formGroups(request, { seed, steps, onProgress: (progress) => told.push(progress) });
        if (result.outcome !== 'formed') throw new Error(`case ${seed} was not formed`);
        values.push(result.objective.value);
        expect(told.length).toBeGreaterThan(0);
        expect(told.filter((now, look) => isWorse(now, told[look - 1] ?? now))).toEqual([]);
      }
      // Sizes may differ where they are free, and with them what is weighed: within rounding otherwise.
      expect(Math.min(...values.slice(1))).toBeGreaterThanOrEqual((values[0] as number) - 1e-9);
    }
  });

  it('never tells more than its upper bound, in all and in each part', async () => {
    for (const seed of CASES) {
      const result = await formGroups(feasibleCase(seed), { seed, steps: 20_000 });
      if (result.outcome !== 'formed') throw new Error(`case ${seed} was not formed`);
      for (const { value, upperBound } of [result.objective, ...result.objective.parts]) expect(value).toBeLessThanOrEqual(upperBound + 1e-9);
    }
  });

  it('ends with the signal, at whatever moment it comes, with the best so far or the rules that are not kept', async () => {
    for (const seed of CASES) {
      for (const cramped of [false, true]) {
        const request = cramped ? crampedCase(seed) : feasibleCase(seed);
        const ending = new AbortController();
        let looks = 0;
        const result = await formGroups(request, {
          seed,
          signal: ending.signal,
          onProgress: () => {
            if ((looks += 1) > seed % 4) ending.abort();
          },
        });
        if (result.outcome === 'formed') {
          expect(result.run.endedBy).toBe('signal');
          expect(brokenRules(request, listRules(request), result.groups).filter(({ rule }) => rule.strength === 'must')).toEqual([]);
        } else {
          expect(result.conflict.length).toBeGreaterThan(0);
          if (!result.proven) expect(result.message.sentence).toContain('is not known');
        }
      }
    }
  });

  it('that is cancelled before it begins does next to nothing', async () => {
    const result = await formGroups(feasibleCase(7), { seed: 7, signal: AbortSignal.abort() });
    expect(result.run).toMatchObject({ endedBy: 'signal' });
    expect(result.run.steps).toBeLessThan(20_000);
  });

  it('ends a little after its time, whatever is asked: rules, proofs and reasons too', async () => {
    for (const seed of CASES) {
      const time = clock(50);
      const result = await formGroups(crampedCase(seed), { seed, milliseconds: 100, now: time.now });
      expect(['formed', 'infeasible']).toContain(result.outcome);
      // A hundred milliseconds and a second of grace are 22 looks; each question that is under way then looks once more.
      expect(time.looks).toBeLessThan(500);
    }
  });

  it.each([
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['steps', { seed: 1, steps: -3 }],
    ['milliseconds', { seed: 1, milliseconds: Number.NaN, now: () => 0 }],
    ['now', { seed: 1, milliseconds: 10 }],
  ])('refuses a wrong %s by its name', async (name, options) => {
    await expect(formGroups(feasibleCase(1), options)).rejects.toMatchObject({ kind: 'invalid', details: { path: ['options', name] } });
  });
});
