import { describe, expect, it } from '@jest/globals';
import { oneWayIcc } from './intraclass.js';
import { raterAgreement, type RaterForm } from './rater-agreement.js';

/** Shrout & Fleiss (1979), Table 2: six targets, four judges. */
const RATINGS = [
  [9, 2, 5, 8],
  [6, 1, 3, 2],
  [8, 4, 6, 8],
  [7, 1, 2, 6],
  [10, 5, 6, 9],
  [6, 2, 4, 7],
];

const estimated = <T extends { estimable: boolean }>(result: T): Extract<T, { estimable: true }> => {
  if (!result.estimable) throw new Error(JSON.stringify(result));
  return result as Extract<T, { estimable: true }>;
};

describe('raterAgreement', () => {
  /** R: psych::ICC(x, lmer = FALSE) */
  it.each<[RaterForm, number, number, number]>([
    ['ICC(1,1)', 0.165741768405, -0.1329323248748, 0.722560062328],
    ['ICC(2,1)', 0.289763779528, 0.0187865133747, 0.761084369649],
    ['ICC(3,1)', 0.714840714841, 0.3424647650339, 0.945858259955],
    ['ICC(1,k)', 0.442797133679, -0.8844421552381, 0.912415420341],
    ['ICC(2,k)', 0.620050547599, 0.0711368153025, 0.927232040168],
    ['ICC(3,k)', 0.909315542377, 0.6756747138163, 0.985891678169],
  ])('gives %s with its interval as psych does', (form, icc, low, high) => {
    const found = estimated(raterAgreement(RATINGS)).forms.find((one) => one.form === form)!;
    expect(found.icc).toBeCloseTo(icc, 10);
    expect(found.intervalLow).toBeCloseTo(low, 9);
    expect(found.intervalHigh).toBeCloseTo(high, 9);
  });

  it('does not change when targets or raters change places, or the unit', () => {
    const of = (ratings: number[][]) => estimated(raterAgreement(ratings)).forms.map((one) => one.icc);
    const there = of(RATINGS);
    const moved = of([...RATINGS].reverse().map((row) => [...row].reverse().map((rating) => 5 - 3 * rating)));
    there.forEach((icc, at) => expect(moved[at]).toBeCloseTo(icc, 10));
  });

  it('ignores what a rater adds to all, in the form for these raters only', () => {
    const harsher = estimated(raterAgreement(RATINGS.map(([a = 0, ...rest]) => [a - 4, ...rest]))).forms;
    const there = estimated(raterAgreement(RATINGS)).forms;
    expect(harsher[2]!.icc).toBeCloseTo(there[2]!.icc, 10);
    expect(harsher[1]!.icc).not.toBeCloseTo(there[1]!.icc, 2);
  });

  it('says why degenerate ratings carry none', () => {
    expect(raterAgreement([[1, 2]])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(raterAgreement([[1], [2]])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(raterAgreement([[2, 2], [2, 2]])).toEqual({ estimable: false, because: 'no-variation' });
    expect(raterAgreement([[1, 2], [2, 3], [5, 6]])).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => raterAgreement([[1, 2], [1]])).toThrow('ratings[1] has 1 entries and ratings[0] 2');
  });
});

describe('oneWayIcc', () => {
  const values = [1, 2, 4, 5, 7, 3, 3, 5, 4];
  const groups = [...'aaabbcccc'];

  it('handles unequal groups (R: anova(lm(y ~ g)), k0 = (9 - 29/9) / 2)', () => {
    const result = estimated(oneWayIcc(values, groups));
    expect(result.f).toBeCloseTo(5.14159, 5);
    expect(result.betweenMeanSquare).toBeCloseTo(8.069444444, 8);
    expect(result.groupSize).toBeCloseTo(26 / 9, 12);
    const [b, w] = [result.betweenMeanSquare, result.withinMeanSquare];
    expect(result.icc).toBeCloseTo((b - w) / (b + (26 / 9 - 1) * w), 12);
    expect(result).toMatchObject({ df: [2, 6], groups: 3, observations: 9 });
    expect(result.intervalLow).toBeLessThan(result.icc);
    expect(result.intervalHigh).toBeGreaterThan(result.icc);
  });

  it('keeps a negative value and shows zero', () => {
    const result = estimated(oneWayIcc([1, 5, 2, 4, 3, 3], [...'aabbcc']));
    expect(result.icc).toBeLessThan(0);
    expect(result.shown).toBe(0);
  });

  it('says why degenerate data carry none', () => {
    expect(oneWayIcc([1, 2], [...'aa'])).toEqual({ estimable: false, because: 'too-few-clusters' });
    expect(oneWayIcc([1, 2], [...'ab'])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(oneWayIcc([1, 1, 2, 2], [...'aabb'])).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => oneWayIcc([1], [])).toThrow('groups has 0 entries and values 1');
  });
});
