import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { betaCdf, betaQuantile } from './beta.js';
import { binomialAtLeast, binomialCdf, binomialMass, binomialQuantile } from './binomial.js';
import { chiSquareCdf, chiSquareQuantile, chiSquareUpperTail } from './chi-square.js';
import { fCdf, fQuantile, fUpperTail } from './f.js';
import { gammaCdf, gammaQuantile, logGamma } from './gamma.js';
import { hypergeometricCdf, hypergeometricMass } from './hypergeometric.js';
import { normalCdf, normalQuantile } from './normal.js';
import { poissonAtLeast, poissonCdf, poissonMass, poissonQuantile } from './poisson.js';

const urn = { total: 50, marked: 20, drawn: 10 };

describe('distributions', () => {
  it.each([
    ['pnorm(-8)', normalCdf(-8), 6.22096057427178e-16],
    ['pnorm(-37)', normalCdf(-37), 5.72557122252458e-300],
    ['qnorm(1e-12)', normalQuantile(1e-12), -7.03448382530113],
    ['qnorm(1e-300)', normalQuantile(1e-300), -37.0470962993612],
    ['qnorm(.975)', normalQuantile(0.975), 1.95996398454005],
    ['pf(.96622,2,10,lower=F)', fUpperTail(0.96622, 2, 10), 0.413384038396245],
    ['pf(200,2,10,lower=F)', fUpperTail(200, 2, 10), 8.63138952743667e-9],
    ['qf(.975,3,17.5)', fQuantile(0.975, 3, 17.5), 3.98157081475537],
    ['qchisq(.5,.5)', chiSquareQuantile(0.5, 0.5), 0.0873476047057469],
    ['qchisq(1e-10,3)', chiSquareQuantile(1e-10, 3), 5.20939762143448e-7],
    ['pchisq(100,3,lower=F)', chiSquareUpperTail(100, 3), 1.55415943138961e-21],
    ['qbeta(.025,3.5,200)', betaQuantile(0.025, 3.5, 200), 0.0041896891239405],
    ['pbeta(.3,2,5)', betaCdf(0.3, 2, 5), 0.579825],
    ['qgamma(.025,15)', gammaQuantile(0.025, 15), 8.395386132783313],
    ['pgamma(3,2)', gammaCdf(3, 2), 0.800851726528544],
    ['lgamma(100.5)', logGamma(100.5), 361.435540467778],
    ['ppois(900,1000)', poissonCdf(900, 1000), 0.000697767327796307],
    ['ppois(14,8,lower=F)', poissonAtLeast(15, 8), 0.0172569903979664],
    ['qpois(.975,8)', poissonQuantile(0.975, 8), 14],
    ['dpois(3,2)', poissonMass(3, 2), 0.180447044315484],
    ['pbinom(3,10,.2)', binomialCdf(3, 10, 0.2), 0.8791261184],
    ['qbinom(.9,10,.2)', binomialQuantile(0.9, 10, 0.2), 4],
    ['dbinom(3,1000,.01)', binomialMass(3, 1000, 0.01), 0.00739322277822285],
    ['pbinom(59,100,.2,lower=F)', binomialAtLeast(60, 100, 0.2), 2.51581919953347e-18],
    ['phyper(3,20,30,10)', hypergeometricCdf(3, urn), 0.364968286776837],
    ['dhyper(3,20,30,10)', hypergeometricMass(3, urn), 0.22592962939593],
  ])('%s is that of R 4.2.2', (_, figure, expected) => {
    expect(figure / expected).toBeCloseTo(1, 11);
  });

  it('quantiles undo distribution functions', () => {
    const p = fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true });
    fc.assert(
      fc.property(p, fc.double({ min: 1, max: 300, noNaN: true }), (probability, a) => {
        expect(normalCdf(normalQuantile(probability))).toBeCloseTo(probability, 13);
        expect(chiSquareCdf(chiSquareQuantile(probability, a), a)).toBeCloseTo(probability, 9);
        expect(fCdf(fQuantile(probability, a, 7), a, 7)).toBeCloseTo(probability, 9);
        expect(gammaCdf(gammaQuantile(probability, a, 2), a, 2)).toBeCloseTo(probability, 9);
      }),
      { numRuns: 200 },
    );
  });

  it('tails are complements, whole outcomes included on one side only', () => {
    expect(binomialAtLeast(4, 10, 0.2) + binomialCdf(3, 10, 0.2)).toBeCloseTo(1, 14);
    expect(poissonAtLeast(4, 2.5) + poissonCdf(3, 2.5)).toBeCloseTo(1, 14);
    expect(binomialAtLeast(0, 10, 0.2)).toBe(1);
    expect(binomialAtLeast(11, 10, 0.2)).toBe(0);
    expect(fUpperTail(-1, 2, 3)).toBe(1);
    expect(chiSquareUpperTail(Infinity, 2)).toBe(0);
    expect([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)]).toEqual([-Infinity, 0, Infinity]);
  });

  it('refuses what is out of range by name', () => {
    expect(() => normalQuantile(1.1)).toThrow('p must be from 0 to 1, not 1.1');
    expect(() => fUpperTail(1, 0, 3)).toThrow('df1 must be a finite number above 0, not 0');
    expect(() => chiSquareQuantile(0.5, -1)).toThrow('df must be a finite number above 0');
    expect(() => binomialCdf(1, 2.5, 0.5)).toThrow('trials must be a whole number of at least 0, not 2.5');
    expect(() => poissonCdf(Number.NaN, 1)).toThrow('k must be a number');
    expect(() => hypergeometricCdf(1, { ...urn, marked: 51 })).toThrow('marked must be at most total (50)');
    expect(() => betaCdf(0.5, 0, 1)).toThrow('alpha must be');
    expect(() => gammaCdf(0.5, 1, 0)).toThrow('rate must be');
  });
});
