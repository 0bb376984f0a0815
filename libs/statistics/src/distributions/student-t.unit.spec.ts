import { describe, expect, it } from '@jest/globals';
import { studentTQuantile, studentTTwoSidedP } from './student-t.js';

describe('studentTQuantile', () => {
  it.each([
    [0.975, 9.185, 2.25523070776821],
    [0.975, 1, 12.7062047361747],
    [0.975, 0.7, 36.6114150315883],
    [0.9999, 3.3, 18.2097105678209],
  ])('at %d with %d degrees of freedom is that of R 4.2.2', (p, df, expected) => {
    expect(studentTQuantile(p, df) / expected).toBeCloseTo(1, 9);
    expect(studentTQuantile(1 - p, df) / -expected).toBeCloseTo(1, 7);
  });

  it('refuses what is out of range by name', () => {
    expect(() => studentTQuantile(1, 5)).toThrow('p must be between 0 and 1, not 1');
    expect(() => studentTQuantile(0.5, 0)).toThrow('df must be above 0, not 0');
    expect(() => studentTTwoSidedP(Number.NaN, 5)).toThrow('statistic must be a finite number');
  });
});

describe('studentTTwoSidedP', () => {
  it('keeps its digits in the far tail (R: 2 * pt(-40, 2.5))', () => {
    expect(studentTTwoSidedP(40, 2.5) / 1.41956342904934e-4).toBeCloseTo(1, 9);
    expect(studentTTwoSidedP(0, 3)).toBe(1);
  });
});
