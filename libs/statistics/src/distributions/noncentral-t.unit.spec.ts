import gammaln from '@stdlib/math-base-special-gammaln';
import betainc from '@stdlib/math-base-special-betainc';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { noncentralTCdf, noncentralTNcp, noncentralTUpperTail } from './noncentral-t.js';
import { normalCdf } from './normal.js';
import { studentTTwoSidedP } from './student-t.js';

/** Algorithm AS 243 (Lenth 1989) for t >= 0 and a moderate noncentrality: a series, nothing shared with the quadrature. */
const as243 = (t: number, df: number, ncp: number): number => {
  const x = (t * t) / (t * t + df);
  const lambda = (ncp * ncp) / 2;
  let sum = normalCdf(-ncp);
  for (let j = 0; j < 420; j++) {
    const p = Math.exp(-lambda + j * Math.log(lambda) - gammaln(j + 1));
    const q = Math.exp(-lambda + j * Math.log(lambda) - gammaln(j + 1.5)) * (ncp / Math.SQRT2);
    sum += (p * betainc(x, j + 0.5, df / 2) + q * betainc(x, j + 1, df / 2)) / 2;
  }
  return sum;
};

describe('noncentralTCdf', () => {
  it.each([
    [1.5, 10, 0.8, 0.735227113441917],
    [-1, 5, 1, 0.0308073532607502],
    [2, 126, 2.83, 0.203993111385779],
    [20, 50, 25, 0.0125954143824519],
    [30, 50, 40, 0.000963179385079678],
    [45, 10, 100, 3.76828212018652e-07],
    [200, 2.7, 100, 0.841309356756765],
    [-5, 20, 3, 3.71534137151468e-11],
    [0.1, 0.5, 0.3, 0.408318605918308],
    [60, 1000, 60, 0.495657427888467],
    [100, 1e6, 100, 0.499990034786302],
  ])('at %d with df %d and ncp %d has the value of 40-digit quadrature (mpmath)', (t, df, ncp, expected) => {
    expect(noncentralTCdf(t, df, ncp) / expected).toBeCloseTo(1, 10);
    expect(noncentralTUpperTail(t, df, ncp)).toBeCloseTo(1 - expected, 12);
    expect(noncentralTCdf(-t, df, -ncp)).toBeCloseTo(1 - expected, 12);
  });

  it('agrees with the series of AS 243', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 30, noNaN: true }),
        fc.double({ min: 0.5, max: 300, noNaN: true }),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        (t, df, ncp) => {
          expect(Math.abs(noncentralTCdf(t, df, ncp) - as243(t, df, ncp))).toBeLessThan(1e-11);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is Student without noncentrality', () => {
    expect(noncentralTCdf(-2.1, 7.5, 0)).toBeCloseTo(studentTTwoSidedP(2.1, 7.5) / 2, 13);
  });

  it('refuses what is out of range by name', () => {
    expect(() => noncentralTCdf(Number.NaN, 5, 1)).toThrow('t must be a finite number');
    expect(() => noncentralTCdf(1, 0, 1)).toThrow('df must be a finite number above 0, not 0');
    expect(() => noncentralTCdf(1, 5, Infinity)).toThrow('ncp must be a finite number');
    expect(() => noncentralTNcp(1, 5, 1)).toThrow('p must be between 0 and 1, not 1');
  });
});

describe('noncentralTNcp', () => {
  it('undoes the distribution function', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -60, max: 60, noNaN: true }),
        fc.double({ min: 1, max: 500, noNaN: true }),
        fc.constantFrom(0.025, 0.5, 0.975, 0.999),
        (t, df, p) => {
          expect(noncentralTCdf(t, df, noncentralTNcp(t, df, p))).toBeCloseTo(p, 10);
        },
      ),
      { numRuns: 60 },
    );
  });
});
