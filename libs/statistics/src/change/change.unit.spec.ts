import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ANOREXIA, SLEEP } from '../difference/public-data.fixture.js';
import { estimated } from '../golden/golden-rows.fixture.js';
import { pairedT } from './paired-t.js';
import { regressionToTheMean } from './regression-to-the-mean.js';
import { reliableChange } from './reliable-change.js';
import { signedRank } from './signed-rank.js';
import { standardisedChange, standardisedChangeOf, type ChangeMeasure } from './standardised-change.js';

const { before, after } = SLEEP;
const MEASURES: readonly ChangeMeasure[] = [
  'd-z',
  'd-av-rms',
  'd-av-mean',
  'd-rm',
  'glass-before',
  'smcr',
  'smcc',
  'g-av',
];
const score = fc.integer({ min: -20, max: 20 });
const pairs = fc.array(fc.tuple(score, score), { minLength: 3, maxLength: 30 });
const split = (people: readonly (readonly [number, number])[]) =>
  [people.map(([first]) => first), people.map(([, last]) => last)] as const;
const isFiniteThroughout = (result: object): boolean =>
  Object.values(result).every((value) => typeof value !== 'number' || Number.isFinite(value));

describe('pairedT', () => {
  it("finds Student's extra sleep", () => {
    const result = estimated(pairedT(before, after));
    expect(result).toMatchObject({ method: 'paired-t', n: 10, df: 9 });
    expect(result.statistic).toBeCloseTo(4.0621276834, 9);
    expect(result.pValue).toBeCloseTo(0.0028328902, 9);
    expect(result.intervalLow).toBeCloseTo(0.7001142367, 9);
    expect(result.intervalHigh).toBeCloseTo(2.4598857633, 9);
  });

  it('is not moved by a constant, turns with time and follows the unit', () => {
    fc.assert(
      fc.property(pairs, score, (people, constant) => {
        const [first, last] = split(people);
        const there = pairedT(first, last);
        if (!there.estimable) return;
        const moved = estimated(pairedT(first.map((x) => x + constant), last.map((x) => x + constant)));
        const back = estimated(pairedT(last, first));
        const scaled = estimated(pairedT(first.map((x) => x * 1000), last.map((x) => x * 1000)));
        expect(moved.standardError).toBeCloseTo(there.standardError, 10);
        expect(back.estimate).toBeCloseTo(-there.estimate, 12);
        expect(back.intervalLow).toBeCloseTo(-there.intervalHigh, 10);
        expect(scaled.intervalHigh / 1000).toBeCloseTo(there.intervalHigh, 10);
        expect(scaled.pValue).toBeCloseTo(there.pValue, 12);
      }),
    );
  });

  it('says why there is nothing to say, and refuses what is malformed', () => {
    expect(pairedT([1], [2])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(pairedT([], [])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(pairedT([1, 2, 3], [2, 3, 4])).toEqual({ estimable: false, because: 'no-variation' });
    expect(pairedT([0.1, 0.2, 0.3], [0.4, 0.5, 0.6])).toEqual({ estimable: false, because: 'no-variation' });
    expect(() => pairedT([1, 2], [1])).toThrow('before has 2 entries and after 1');
    expect(() => pairedT([1, Number.NaN], [1, 2])).toThrow('before[1] must be a finite number');
    expect(() => pairedT([1, 2], [1, 2], 95)).toThrow('level must be between 0 and 1');
  });
});

describe('standardisedChange', () => {
  it.each([
    ['d-z', 1.284557563],
    ['d-rm', 0.822176638],
    ['d-av-rms', 0.832181081],
    ['d-av-mean', 0.833496341],
    ['glass-before', 0.88317019],
    ['smcr', 0.8071],
    ['smcc', 1.173924904],
    ['g-av', 0.760509396],
  ] as const)('gives %s of the sleepers as R does', (measure, expected) => {
    expect(estimated(standardisedChange(before, after, measure)).estimate).toBeCloseTo(expected, measure === 'smcr' ? 4 : 8);
  });

  it('has the exact interval of d-z from the noncentral t', () => {
    const result = estimated(standardisedChange(before, after, 'd-z'));
    expect(result).toMatchObject({ intervalMethod: 'noncentral-t', df: 9, n: 10 });
    expect(result.intervalLow).toBeCloseTo(0.414627756, 8);
    expect(result.intervalHigh).toBeCloseTo(2.118016514, 8);
  });

  it.each(MEASURES)('%s has no unit and no zero point, and turns with time where the divisor does not', (measure) => {
    fc.assert(
      fc.property(pairs, score, (people, constant) => {
        const [first, last] = split(people);
        const there = standardisedChange(first, last, measure);
        expect(isFiniteThroughout(there)).toBe(true);
        if (!there.estimable) return;
        const scaled = estimated(
          standardisedChange(first.map((x) => 7 * x + constant), last.map((x) => 7 * x + constant), measure),
        );
        expect(scaled.estimate).toBeCloseTo(there.estimate, 8);
        expect(scaled.variance).toBeCloseTo(there.variance, 7);
        expect(there.intervalLow).toBeLessThanOrEqual(there.intervalHigh);
        const back = standardisedChange(last, first, measure);
        if (back.estimable && measure !== 'smcr' && measure !== 'glass-before')
          expect(back.estimate).toBeCloseTo(-there.estimate, 8);
      }),
      { numRuns: 40 },
    );
  });

  it('divides by nothing that is zero', () => {
    expect(standardisedChange([1, 1, 1], [1, 2, 3], 'smcr')).toEqual({ estimable: false, because: 'zero-variance' });
    expect(standardisedChange([1, 2, 3], [2, 3, 4], 'd-z')).toEqual({ estimable: false, because: 'zero-variance' });
    expect(standardisedChange([1, 2], [2, 4], 'd-z')).toEqual({ estimable: false, because: 'too-few-observations' });
    const flat = { n: 5, meanChange: 1, sdBefore: 0, sdAfter: 0, sdChange: 0, correlation: 0 };
    for (const measure of MEASURES)
      expect(standardisedChangeOf(flat, measure)).toEqual({ estimable: false, because: 'zero-variance' });
  });
});

describe('signedRank', () => {
  it('is exact without ties or zeros (R: wilcox.test)', () => {
    const result = estimated(signedRank([1.1, -0.4, 2.3, 0.7, -1.9, 3.2, 0.05, -0.6], { zeros: 'drop' }));
    expect(result).toMatchObject({ distribution: 'exact', statistic: 25, n: 8, unchanged: 0 });
    expect(result.pValue).toBeCloseTo(0.3828125, 12);
    expect(result.rankBiserial).toBeCloseTo((25 - 11) / 36, 12);
  });

  it('drops zeros as R does', () => {
    const result = estimated(signedRank([0, 0, 1, -1, 2, 3, 3, -2], { zeros: 'drop' }));
    expect(result).toMatchObject({ distribution: 'normal', statistic: 16, n: 6, unchanged: 2 });
    expect(result.pValue).toBeCloseTo(0.290496597613061, 12);
  });

  it("ranks zeros first and leaves their ranks out under Pratt's policy", () => {
    const result = estimated(signedRank([0, 0, 1, -1, 2, 3, 3, -2], { zeros: 'pratt', continuity: false }));
    // |changes| 0 0 1 1 2 2 3 3 rank 1.5 1.5 3.5 3.5 5.5 5.5 7.5 7.5; up are 1, 2, 3, 3.
    expect(result.statistic).toBe(3.5 + 5.5 + 7.5 + 7.5);
    const variance = (2 * 3.5 ** 2 + 2 * 5.5 ** 2 + 2 * 7.5 ** 2) / 4;
    const z = (24 - 33 / 2) / Math.sqrt(variance);
    expect(result.pValue).toBeCloseTo(2 * (1 - normalBelow(z)), 6);
  });

  it('turns with the sign and minds no order', () => {
    fc.assert(
      fc.property(fc.array(score, { minLength: 1, maxLength: 30 }), fc.constantFrom('drop' as const, 'pratt' as const), (changes, zeros) => {
        const there = signedRank(changes, { zeros });
        if (!there.estimable) return expect(changes.every((change) => change === 0)).toBe(true);
        const back = estimated(signedRank(changes.map((change) => -change).reverse(), { zeros }));
        expect(back.rankBiserial).toBeCloseTo(-there.rankBiserial, 12);
        expect(back.pValue).toBeCloseTo(there.pValue, 12);
        expect(there.pValue).toBeGreaterThan(0);
        expect(there.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('says when nobody answered or nobody changed', () => {
    expect(signedRank([], { zeros: 'drop' })).toEqual({ estimable: false, because: 'all-missing' });
    expect(signedRank([0, 0], { zeros: 'pratt' })).toEqual({ estimable: false, because: 'no-variation' });
  });
});

/** Abramowitz and Stegun 26.2.17, to 7 digits: nothing shared with the library. */
const normalBelow = (z: number): number => {
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
};

describe('reliableChange', () => {
  it('counts only changes beyond the noise of the measure', () => {
    // 1.96 x 2 x sqrt(2 x 0.2) = 2.479
    const result = estimated(reliableChange([3, -3, 2, 0, 2.5], { sdBefore: 2, reliability: 0.8 }));
    expect(result.threshold).toBeCloseTo(1.959963984540054 * 2 * Math.sqrt(0.4), 10);
    expect(result).toMatchObject({ rose: 2, fell: 1, unclear: 2, n: 5 });
    expect(reliableChange([], { sdBefore: 1, reliability: 0.8 })).toEqual({ estimable: false, because: 'all-missing' });
    expect(() => reliableChange([1], { sdBefore: 0, reliability: 0.8 })).toThrow('sdBefore must be');
    expect(() => reliableChange([1], { sdBefore: 1, reliability: 1.2 })).toThrow('reliability must be from 0 to 1');
  });
});

describe('regressionToTheMean', () => {
  it('sees through gains of the lowest that are chance: answers drawn anew at each wave', () => {
    const wave = (shift: number) => Array.from({ length: 60 }, (_, i) => ((i * 37 + shift * 17) % 61) - 30);
    const result = estimated(regressionToTheMean(wave(0), wave(1).reverse()));
    expect(result.withBefore).toBeLessThan(-0.5);
    expect(Math.abs(result.withMiddle)).toBeLessThan(0.1);
    expect(result.pValue).toBeGreaterThan(0.3);
  });

  it('finds a lasting gain of the lowest', () => {
    const first = Array.from({ length: 30 }, (_, i) => i);
    const result = estimated(regressionToTheMean(first, first.map((value, i) => 15 + value / 2 + (i % 3))));
    expect(result.withMiddle).toBeLessThan(-0.9);
    expect(result.pValue).toBeLessThan(1e-6);
    expect(result).toMatchObject({ n: 30, df: 28, method: 'oldham' });
  });

  it('needs three pairs that vary', () => {
    expect(regressionToTheMean([1, 2], [2, 1])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(regressionToTheMean([1, 2, 3], [2, 3, 4])).toEqual({ estimable: false, because: 'zero-variance' });
  });
});

it('the girls under family treatment gained (R: t.test)', () => {
  const [first, last] = split(ANOREXIA.FT);
  expect(estimated(pairedT(first, last)).statistic).toBeCloseTo(4.18490814, 8);
});
