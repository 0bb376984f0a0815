import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leeBounds, manskiBounds, type BoundsObservation } from './bounds.js';
import { logisticRegression } from './logistic.js';
import { poolImputations } from './multiple-imputation.js';
import { responseWeights } from './response-weights.js';

const X = [0.2, 1.1, 2.3, 0.7, 1.9, 3.1, 2.2, 0.4, 1.5, 2.8];
const Y: (0 | 1)[] = [0, 0, 1, 0, 1, 1, 0, 1, 0, 1];
const design = X.map((x) => [1, x]);

describe('logisticRegression', () => {
  it('agrees with R (glm(y ~ x, binomial, epsilon 1e-14))', () => {
    const fit = logisticRegression(design, Y);
    if (!fit.estimable) throw new Error(fit.because);
    expect(fit.coefficients[0]).toBeCloseTo(-2.03984633487, 9);
    expect(fit.coefficients[1]).toBeCloseTo(1.25629577157, 9);
    expect(fit.standardErrors[0]).toBeCloseTo(1.589936, 5);
    expect(fit.standardErrors[1]).toBeCloseTo(0.86421, 5);
    expect(fit.deviance).toBeCloseTo(11.1115426113, 9);
    expect(fit.df).toBe(8);
  });

  it('sees separation, complete and of some rows', () => {
    expect(logisticRegression(design, X.map((x) => (x > 1.2 ? 1 : 0)))).toEqual({
      estimable: false,
      because: 'separation',
    });
    const group = X.map((_, at) => [1, Number(at < 3)]);
    expect(logisticRegression(group, [1, 1, 1, 0, 1, 0, 1, 0, 1, 0])).toEqual({ estimable: false, because: 'separation' });
  });

  it('says why degenerate data carry no estimate', () => {
    expect(logisticRegression(design, Y.map(() => 1))).toEqual({ estimable: false, because: 'no-variation' });
    expect(logisticRegression(X.map((x) => [1, x, 2 * x]), Y)).toEqual({ estimable: false, because: 'not-identified' });
    expect(logisticRegression([[1, 2]], [1])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(() => logisticRegression(design, [2, ...Y.slice(1)] as (0 | 1)[])).toThrow('outcome[0] must be 0 or 1');
  });

  it('follows the unit of a covariate and the naming of the outcome', () => {
    const there = logisticRegression(design, Y);
    const back = logisticRegression(X.map((x) => [1, 1000 * x]), Y.map((y) => (1 - y) as 0 | 1));
    if (!there.estimable || !back.estimable) throw new Error('both are estimable');
    expect(-1000 * back.coefficients[1]!).toBeCloseTo(there.coefficients[1]!, 8);
    expect(back.deviance).toBeCloseTo(there.deviance, 10);
  });
});

describe('responseWeights', () => {
  it('lets those who answered stand for all: within cells of one covariate, n / answered, stabilised', () => {
    const covariate = [0, 0, 0, 0, 1, 1, 1, 1, 1, 1].map((one) => [one]);
    const answered: (0 | 1)[] = [1, 0, 1, 0, 1, 1, 1, 1, 0, 1];
    const result = responseWeights(answered, covariate, 0);
    if (!result.estimable) throw new Error(result.because);
    expect(result.weights[0]).toBeCloseTo(0.7 / (2 / 4), 8);
    expect(result.weights[4]).toBeCloseTo(0.7 / (5 / 6), 8);
    expect(result.weights[1]).toBe(0);
    expect(result.trimmed).toBe(0);
    expect(result.effectiveN).toBeCloseTo(7 ** 2 / (2 * 1.4 ** 2 + 5 * 0.84 ** 2), 8);
  });

  it('pulls in the weights beyond the trimming quantiles and counts them', () => {
    const result = responseWeights(Y, X.map((x) => [x]), 0.2);
    if (!result.estimable) throw new Error(result.because);
    expect(result.trimmed).toBe(2);
    expect(result).toMatchObject({ answered: 5, invited: 10 });
  });

  it('has no weights where everybody answered or a covariate decides it', () => {
    expect(responseWeights([1, 1, 1, 1], [[1], [2], [3], [4]])).toEqual({ estimable: false, because: 'no-variation' });
    expect(responseWeights([0, 0, 1, 1], [[1], [2], [3], [4]])).toEqual({ estimable: false, because: 'separation' });
    expect(() => responseWeights(Y, X.map((x) => [x]), 0.5)).toThrow('trim must be from 0 to below 0.5');
  });
});

describe('poolImputations', () => {
  it('combines within and between (by hand: W .045, B .025, T .075, lambda .4)', () => {
    const pooled = poolImputations([1.2, 1.5, 1.1, 1.4, 1.3], [0.04, 0.05, 0.045, 0.042, 0.048], 60);
    if (!pooled.estimable) throw new Error(pooled.because);
    expect(pooled.estimate).toBeCloseTo(1.3, 12);
    expect(pooled.totalVariance).toBeCloseTo(0.075, 12);
    expect(pooled.missingShare).toBeCloseTo(0.4, 12);
    expect(pooled.largeSampleDf).toBeCloseTo(25, 10);
    expect(pooled.df).toBeCloseTo(14.5584726, 6);
    expect(pooled.method).toBe('rubin, barnard-rubin df');
  });

  it('is the complete-data answer when imputations agree', () => {
    const pooled = poolImputations([2, 2, 2], [0.5, 0.5, 0.5]);
    expect(pooled).toMatchObject({ estimate: 2, df: Infinity, missingShare: 0, method: 'imputations agree' });
    const small = poolImputations([2, 2, 2], [0.5, 0.5, 0.5], 30);
    expect(small.estimable && small.df).toBeCloseTo((31 / 33) * 30, 10);
  });

  it('needs two imputations and some variance', () => {
    expect(poolImputations([1], [1])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(poolImputations([1, 1], [0, 0])).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => poolImputations([1, 2], [1, -1])).toThrow('variances[1] must not be negative');
  });
});

const person = (arm: BoundsObservation['arm'], value?: number): BoundsObservation =>
  value === undefined ? { arm } : { arm, value };
const trial = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((value) => person('treatment', value)),
  person('treatment'),
  person('treatment'),
  ...[2, 3, 4, 5].map((value) => person('comparison', value)),
  person('comparison'),
];

describe('leeBounds', () => {
  it('trims the arm that answers more (8 of 10 against 3 of 5: a quarter, two people)', () => {
    const people = [...trial.filter((one) => one.value !== 5 || one.arm === 'treatment'), person('comparison')];
    const bounds = leeBounds(people);
    if (!bounds.estimable) throw new Error(bounds.because);
    expect(bounds.trimmedShare).toBeCloseTo(0.25, 12);
    expect(bounds.lower).toBeCloseTo(3.5 - 3, 12);
    expect(bounds.upper).toBeCloseTo(5.5 - 3, 12);
    expect(bounds.observedDifference).toBeCloseTo(1.5, 12);
  });

  it('is the plain difference when both arms answer alike, and trims part of a person where the share is not whole', () => {
    const alike = leeBounds(trial);
    expect(alike).toMatchObject({ trimmedShare: 0, lower: 1, upper: 1 });
    const uneven = leeBounds([person('treatment', 0), person('treatment', 4), person('comparison', 1), person('comparison'), person('comparison', 1)]);
    if (!uneven.estimable) throw new Error(uneven.because);
    expect(uneven.upper).toBeCloseTo(4 / (4 / 3) - 1, 12);
    expect(uneven.lower).toBeCloseTo((4 * (1 / 3)) / (4 / 3) - 1, 12);
  });

  it('lies within the worst case, and both turn around with the arms', () => {
    const answer = fc.option(fc.integer({ min: 0, max: 10 }), { nil: undefined });
    const arm = fc.array(answer, { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(arm, arm, (treated, compared) => {
        const people = [...treated.map((v) => person('treatment', v)), ...compared.map((v) => person('comparison', v))];
        const [lee, manski] = [leeBounds(people), manskiBounds(people, { lowest: 0, highest: 10 })];
        if (!lee.estimable || !manski.estimable) return expect(lee).toEqual(manski);
        expect(lee.lower).toBeLessThanOrEqual(lee.upper + 1e-12);
        expect(manski.lower).toBeLessThanOrEqual(manski.observedDifference + 1e-12);
        expect(manski.upper).toBeGreaterThanOrEqual(manski.observedDifference - 1e-12);
        const swapped = people.map((one) => ({ ...one, arm: one.arm === 'treatment' ? ('comparison' as const) : ('treatment' as const) }));
        const back = leeBounds(swapped);
        expect(back.estimable && back.lower).toBeCloseTo(-lee.upper, 10);
      }),
    );
  });

  it('says what an arm lacks', () => {
    expect(leeBounds([person('treatment', 1)])).toEqual({ estimable: false, because: 'arm-missing' });
    expect(leeBounds([person('treatment', 1), person('comparison')])).toEqual({ estimable: false, because: 'all-missing' });
  });
});

describe('manskiBounds', () => {
  it('puts the missing at the ends of the scale', () => {
    const bounds = manskiBounds(trial, { lowest: 0, highest: 10 });
    if (!bounds.estimable) throw new Error(bounds.because);
    expect(bounds.lower).toBeCloseTo(36 / 10 - 24 / 5, 12);
    expect(bounds.upper).toBeCloseTo(56 / 10 - 14 / 5, 12);
    expect(() => manskiBounds(trial, { lowest: 0, highest: 5 })).toThrow('value 6 lies outside the range 0 to 5');
  });
});
