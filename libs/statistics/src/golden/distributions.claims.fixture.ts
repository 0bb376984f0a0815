import { chiSquareQuantile } from '../distributions/chi-square.js';
import { fUpperTail } from '../distributions/f.js';
import { noncentralTCdf } from '../distributions/noncentral-t.js';
import { normalCdf, normalQuantile } from '../distributions/normal.js';
import { poissonCdf } from '../distributions/poisson.js';
import { studentTQuantile } from '../distributions/student-t.js';
import type { GoldenClaims } from './golden-rows.fixture.js';

/**
 * What R's pt answers for a noncentrality beyond 37.62: the normal approximation of Abramowitz and Stegun 26.7.10. It is
 * off in the fourth decimal there, and the known answer pt(30,50,ncp 40) is its output, not the distribution's value;
 * that one is asserted in distributions/noncentral-t.unit.spec.ts.
 */
const asR = (t: number, df: number, ncp: number): number => {
  if (ncp <= 37.62) return noncentralTCdf(t, df, ncp);
  const s = 1 / (4 * df);
  return normalCdf((t * (1 - s) - ncp) / Math.sqrt(1 + t * t * 2 * s));
};

export const claims: readonly GoldenClaims[] = [
  {
    area: '0 distributions',
    cases: {
      'special functions': {
        'pt(1.5,10,ncp .8)': () => asR(1.5, 10, 0.8),
        'pt(-1,5,ncp 1)': () => asR(-1, 5, 1),
        'pt(3,20,ncp 2.5)': () => asR(3, 20, 2.5),
        'pt(2,126,ncp 2.83)': () => asR(2, 126, 2.83),
        'pt(20,50,ncp 25)': () => asR(20, 50, 25),
        'pt(30,50,ncp 40)': () => asR(30, 50, 40),
        'qt(.975,13.7)': () => studentTQuantile(0.975, 13.7),
        'qt(.975,2.112895)': () => studentTQuantile(0.975, 2.112895),
        'ppois(900,1000)': () => poissonCdf(900, 1000),
        'qnorm(1e-12)': () => normalQuantile(1e-12),
        'pnorm(-8)': () => normalCdf(-8),
        'pf upper(.96622;2,10)': () => fUpperTail(0.96622, 2, 10),
        'qchisq(.5,.5)': () => chiSquareQuantile(0.5, 0.5),
      },
    },
  },
];
