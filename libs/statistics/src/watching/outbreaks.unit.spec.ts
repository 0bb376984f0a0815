import { describe, expect, it } from '@jest/globals';
import { ears } from './ears.js';
import { farrington } from './farrington.js';
import { quasiPoisson } from './quasi-poisson.js';

const estimated = <T extends { estimable: boolean }>(result: T | undefined): Extract<T, { estimable: true }> => {
  if (!result?.estimable) throw new Error(JSON.stringify(result));
  return result as Extract<T, { estimable: true }>;
};

/** R: summary(glm(y ~ t, quasipoisson, control = glm.control(epsilon = 1e-14))) */
const QUASI = { intercept: 1.95603342363, slope: 0.194837678385, dispersion: 0.207937746836, slopeError: 0.0224243601981 };

describe('ears', () => {
  const counts = [3, 5, 2, 4, 3, 6, 4, 5, 3, 4, 15, 14, 3];

  it('compares with the seven points before (C1), or with two left in between (C2)', () => {
    const [c1, c2] = [ears(counts, 'C1'), ears(counts, 'C2')];
    const at = (points: typeof c1.points, index: number) => points.find((one) => one.index === index)!;
    // Baseline 4 3 6 4 5 3 4: mean 29/7, standard deviation 1.06904; z .999 = 3.090232.
    expect(at(c1.points, 10).expected).toBeCloseTo(29 / 7, 12);
    expect(at(c1.points, 10).upper).toBeCloseTo(29 / 7 + 3.0902323 * 1.0690449676, 6);
    expect(c1.points.filter((one) => one.alarm).map((one) => one.index)).toEqual([10]);
    expect(c2.points.filter((one) => one.alarm).map((one) => one.index)).toEqual([10, 11]);
    expect([c1.points[0]!.index, c2.points[0]!.index]).toEqual([7, 9]);
  });

  it('holds on after a peak (C3)', () => {
    const c3 = ears([...counts, 4, 3], 'C3');
    expect(c3.points.filter((one) => one.alarm).map((one) => one.index)).toEqual([11, 12, 13]);
    expect(c3.points[0]).not.toHaveProperty('upper');
  });

  it('is not thrown by a baseline of zeros, and can be told how little spread to believe', () => {
    const quiet = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0];
    expect(ears(quiet, 'C1').points.filter((one) => one.alarm).map((one) => one.index)).toEqual([11]);
    expect(ears(quiet, 'C1', { leastSigma: 0.5 }).points.some((one) => one.alarm)).toBe(false);
    for (const point of ears(quiet, 'C3').points) expect(Number.isFinite(point.expected)).toBe(true);
  });

  it('has no points for a series that is too short, and names what is wrong', () => {
    expect(ears([1, 2, 3], 'C3').points).toEqual([]);
    expect(() => ears([1, -2], 'C1')).toThrow('counts[1] must be a whole number of 0 or more');
    expect(() => ears([1], 'C1', { baseline: 2 })).toThrow('baseline must be 3 or more');
  });
});

describe('quasiPoisson', () => {
  it('agrees with R (glm(y ~ t, quasipoisson): counts 2 3 6 7 8 9 10 12 15, t -4 to 4)', () => {
    const counts = [2, 3, 6, 7, 8, 9, 10, 12, 15];
    const fit = quasiPoisson(counts.map((_, at) => [1, at - 4]), counts, counts.map(() => 1))!;
    expect(fit.coefficients[0]).toBeCloseTo(QUASI.intercept, 6);
    expect(fit.coefficients[1]).toBeCloseTo(QUASI.slope, 6);
    expect(fit.dispersion).toBeCloseTo(QUASI.dispersion, 5);
    expect(Math.sqrt(fit.dispersion * fit.covariance.get(1, 1))).toBeCloseTo(QUASI.slopeError, 5);
    expect(fit.leverages.reduce((sum, one) => sum + one, 0)).toBeCloseTo(2, 6);
  });

  it('has nothing to fit to zeros', () => {
    expect(quasiPoisson([[1], [1]], [0, 0], [1, 1])).toBeUndefined();
  });
});

describe('farrington', () => {
  /** Five years of a steady 6 or so a period of 12, with a bump long ago. */
  const years = Array.from({ length: 72 }, (_, at) => 5 + ((at * 7) % 5));

  it('expects what came at the same time of earlier years, and alarms above its limit', () => {
    const now = estimated(farrington(years, [71], { period: 12, halfWindow: 1 })[0]);
    expect(now.references).toBe(15);
    expect(now.expected).toBeGreaterThan(5);
    expect(now.expected).toBeLessThan(9);
    expect(now.alarm).toBe(false);
    const high = [...years.slice(0, 71), 20];
    expect(estimated(farrington(high, [71], { period: 12, halfWindow: 1 })[0])).toMatchObject({ alarm: true, observed: 20 });
  });

  it('gives past outbreaks less weight, so that they hide no new one', () => {
    const bump = years.map((count, at) => (at === 47 || at === 59 ? 40 : count));
    const options = { period: 12, halfWindow: 1, trend: false } as const;
    const upper = (reweight: boolean) => estimated(farrington(bump, [71], { ...options, reweight })[0]).upper;
    expect(upper(true)).toBeLessThan(0.6 * upper(false));
  });

  it('follows a trend only where it is significant and not beyond what was seen', () => {
    const rising = Array.from({ length: 72 }, (_, at) => Math.round(4 + at / 4));
    const fell = [...rising].reverse();
    const options = { period: 12, halfWindow: 1 } as const;
    expect(estimated(farrington(fell, [71], options)[0]).trend).toBe(true);
    expect(estimated(farrington(rising, [71], options)[0]).trend).toBe(false);
    expect(estimated(farrington(years, [71], options)[0]).trend).toBe(false);
    expect(estimated(farrington(fell, [71], { ...options, trend: false })[0]).trend).toBe(false);
  });

  it('gives no alarm on very few cases', () => {
    const rare = Array.from({ length: 72 }, (_, at) => Number(at % 12 === 11 && at !== 71)).map((count, at) => (at === 71 ? 4 : count));
    expect(estimated(farrington(rare, [71], { period: 12, halfWindow: 1 })[0])).toMatchObject({ tooFewCases: true, alarm: false });
  });

  it('says what history a point lacks, and names what is wrong', () => {
    expect(farrington(years, [1], { period: 12, halfWindow: 1 })[0]).toMatchObject({ estimable: false, because: 'too-few-observations', index: 1 });
    expect(farrington(years.map(() => 0), [71], { period: 12 })[0]).toMatchObject({ estimable: false, because: 'no-events' });
    expect(() => farrington(years, [72])).toThrow('indices must lie within the 72 counts');
    expect(() => farrington([0.5], [0])).toThrow('counts[0] must be a whole number');
    expect(() => farrington(years, [71], { period: 6, halfWindow: 3 })).toThrow('halfWindow must be from 0 to below half a period');
  });
});
