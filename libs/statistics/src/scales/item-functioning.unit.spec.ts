import { describe, expect, it } from '@jest/globals';
import { HOLZINGER_SWINEFORD } from './holzinger-swineford.fixture.js';
import { measurementInvariance } from './invariance.js';
import { mantelHaenszelDif } from './mantel-haenszel.js';
import { ordinalDif } from './ordinal-dif.js';

const FACTORS = ['visual', 'visual', 'visual', 'textual', 'textual', 'textual', 'speed', 'speed', 'speed'];
const ANSWERS = [1, 2, 3, 2, 4, 3, 5, 4, 5, 3, 1, 2, 2, 3, 4, 5, 3, 4, 2, 1, 3, 3, 4, 5, 5, 1, 2, 4, 3, 5];
const SCORES = [4, 2, 5, 3, 2, 4, 6, 3, 7, 4, 3, 1, 5, 2, 4, 3, 4, 6, 5, 2, 3, 6, 5, 4, 6, 2, 4, 3, 5, 7];
const FOCAL = ANSWERS.map((_, at) => at % 2 === 1);
const RIGHT = [1, 0, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0];

const estimated = <T extends { estimable: boolean }>(result: T): Extract<T, { estimable: true }> => {
  if (!result.estimable) throw new Error(JSON.stringify(result));
  return result as Extract<T, { estimable: true }>;
};

describe('ordinalDif', () => {
  it('agrees with R (MASS::polr, reltol 1e-14)', () => {
    const result = estimated(ordinalDif(ANSWERS, FOCAL, SCORES));
    expect(result.uniform.chiSquare).toBeCloseTo(1.025212845746, 7);
    expect(result.uniform.pValue).toBeCloseTo(0.31128569068, 7);
    expect(result.nonUniform.chiSquare).toBeCloseTo(0.215788275219, 7);
    expect(result.total.chiSquare).toBeCloseTo(1.241001120965, 7);
    expect(result.groupEffect).toBeCloseTo(0.736328, 5);
    expect(result.r2Change).toBeCloseTo(0.0318115020676, 7);
    expect(result).toMatchObject({ size: 'negligible', observations: 30 });
  });

  it('depends on neither the order of people, the naming of groups nor the numbers that answers have', () => {
    const there = estimated(ordinalDif(ANSWERS, FOCAL, SCORES));
    const back = estimated(
      ordinalDif(
        [...ANSWERS].reverse().map((answer) => 10 * answer ** 2),
        [...FOCAL].reverse().map((one) => !one),
        [...SCORES].reverse().map((score) => 100 * score - 7),
      ),
    );
    expect(back.uniform.chiSquare).toBeCloseTo(there.uniform.chiSquare, 6);
    expect(back.nonUniform.chiSquare).toBeCloseTo(there.nonUniform.chiSquare, 6);
    expect(back.groupEffect).toBeCloseTo(-there.groupEffect, 5);
  });

  it('sees an item that sits higher for one group', () => {
    const moved = ANSWERS.map((answer, at) => (FOCAL[at] ? Math.min(5, answer + 1) : answer));
    const result = estimated(ordinalDif(moved, FOCAL, SCORES));
    expect(result.uniform.pValue).toBeLessThan(0.01);
    expect(result.size).toBe('large');
  });

  it('says why degenerate data carry none', () => {
    expect(ordinalDif(ANSWERS, ANSWERS.map(() => true), SCORES)).toEqual({ estimable: false, because: 'arm-missing' });
    expect(ordinalDif(ANSWERS.map(() => 3), FOCAL, SCORES)).toEqual({ estimable: false, because: 'no-variation' });
    expect(ordinalDif(ANSWERS, FOCAL, SCORES.map(() => 2))).toEqual({ estimable: false, because: 'not-identified' });
    expect(ordinalDif(SCORES, FOCAL, SCORES)).toEqual({ estimable: false, because: 'separation' });
    expect(() => ordinalDif(ANSWERS, FOCAL, [1])).toThrow('score has 1 entries and answers 30');
  });
});

describe('mantelHaenszelDif', () => {
  const responses = {
    answers: RIGHT,
    focal: RIGHT.map((_, at) => at % 3 === 2),
    strata: RIGHT.map((_, at) => Math.floor(at / 12)),
  };

  it('agrees with R (mantelhaen.test with continuity correction)', () => {
    const result = estimated(mantelHaenszelDif(responses));
    expect(result.oddsRatio).toBeCloseTo(0.411764705882, 10);
    expect(result.intervalLow).toBeCloseTo(0.0946128208465, 9);
    expect(result.intervalHigh).toBeCloseTo(1.7920422569937, 9);
    expect(result.chiSquare).toBeCloseTo(0.6416666666667, 9);
    expect(result.pValue).toBeCloseTo(0.423107917, 8);
    expect(result).toMatchObject({ df: 1, etsClass: 'A', strataUsed: 3, observations: 36 });
  });

  it('turns over when the groups change names', () => {
    const there = estimated(mantelHaenszelDif(responses));
    const back = estimated(mantelHaenszelDif({ ...responses, focal: responses.focal.map((one) => !one) }));
    expect(back.oddsRatio).toBeCloseTo(1 / there.oddsRatio, 10);
    expect(back.chiSquare).toBeCloseTo(there.chiSquare, 10);
    expect(back.etsDelta).toBeCloseTo(-there.etsDelta, 10);
  });

  it('leaves out strata of one group, and says when none is left or the odds have no bound', () => {
    const alone = mantelHaenszelDif({ ...responses, strata: RIGHT.map((_, at) => (at % 3 === 2 ? 1 : 0)) });
    expect(alone).toEqual({ estimable: false, because: 'arm-missing' });
    const one = { answers: [1, 1, 0, 0], focal: [false, false, true, true], strata: [1, 1, 1, 1] };
    expect(mantelHaenszelDif(one)).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => mantelHaenszelDif({ ...one, answers: [1, 2, 0, 0] })).toThrow('answers[1] must be 0 or 1, not 2');
  });
});

describe('measurementInvariance', () => {
  const result = estimated(measurementInvariance({ groups: HOLZINGER_SWINEFORD, factorOf: FACTORS }));

  it('agrees with lavaan (cfa(..., group = "school", group.equal = ...))', () => {
    const expected = [
      [115.851, 48, 0.923, 0.097],
      [124.044, 54, 0.921, 0.093],
      [164.103, 60, 0.882, 0.107],
    ];
    result.fits.forEach((fit, at) => {
      expect(fit.chiSquare).toBeCloseTo(expected[at]![0]!, 2);
      expect(fit.df).toBe(expected[at]![1]);
      expect(fit.cfi).toBeCloseTo(expected[at]![2]!, 3);
      expect(fit.rmsea).toBeCloseTo(expected[at]![3]!, 3);
    });
  });

  it('lets means be compared only when loadings and intercepts hold', () => {
    expect(result.steps.map((step) => step.holds)).toEqual([true, false]);
    expect(result.meansComparable).toBe(false);
    const [school] = HOLZINGER_SWINEFORD;
    const same = estimated(measurementInvariance({ groups: [school!, { ...school!, name: 'again' }], factorOf: FACTORS }));
    expect(same.meansComparable).toBe(true);
    expect(same.steps[1]!.chiSquare).toBeCloseTo(0, 4);
  });

  it('does not depend on the order of groups or the unit and origin of items', () => {
    const groups = [...HOLZINGER_SWINEFORD].reverse().map((group) => ({
      ...group,
      means: group.means.map((mean, item) => 10 * (item + 1) * mean + 3),
      covariance: group.covariance.map((row, i) => row.map((value, j) => 100 * (i + 1) * (j + 1) * value)),
    }));
    const moved = estimated(measurementInvariance({ groups, factorOf: FACTORS }));
    moved.fits.forEach((fit, at) => expect(fit.chiSquare).toBeCloseTo(result.fits[at]!.chiSquare, 3));
  });

  it('says why degenerate input carries none', () => {
    const of = (groups = HOLZINGER_SWINEFORD, factorOf = FACTORS) => measurementInvariance({ groups, factorOf });
    expect(of(HOLZINGER_SWINEFORD.slice(0, 1))).toEqual({ estimable: false, because: 'arm-missing' });
    expect(of(HOLZINGER_SWINEFORD, [...FACTORS.slice(0, 8), 'alone'])).toEqual({ estimable: false, because: 'too-few-items' });
    expect(of(HOLZINGER_SWINEFORD.map((group) => ({ ...group, observations: 9 })))).toEqual({
      estimable: false,
      because: 'too-few-observations',
    });
    expect(() => of(HOLZINGER_SWINEFORD, FACTORS.slice(1))).toThrow('Pasteur must have 8 means and covariances');
  });
});
