import {
  anovaSize,
  correlationSize,
  minimalDetectableEffect,
  power,
  sampleSize,
  twoProportionsSize,
  type Design,
} from '../planning/index.js';
import type { GoldenClaims } from './golden-rows.fixture.js';

const arms = (treatment: number, comparison = treatment): Design => ({ kind: 'two-group', treatment, comparison });
const pairs = (n: number): Design => ({ kind: 'paired', pairs: n });
const perArm = (effect: number) => () => sampleSize(arms, effect).exact;
const multiplier = (design: Design) => () => minimalDetectableEffect(design, 0.8, {}, 'multiplier').effect;

/** Whole people of both arms together, counted as PowerUp! does: by the multiplier. */
const individualSize = (effect: number): number => {
  let people = 4;
  while (minimalDetectableEffect(arms(people / 2), 0.8, {}, 'multiplier').effect > effect) people += 1;
  return people;
};

export const claims: readonly GoldenClaims[] = [
  {
    area: '1 power',
    cases: {
      'Cohen/G*Power/pwr': {
        'n/arm d=.2 power.8': perArm(0.2),
        'n/arm d=.5': perArm(0.5),
        'n/arm d=.8': perArm(0.8),
        'power n=30 d=.75': () => power(arms(30), 0.75),
        'power n=20 d=.6': () => power(arms(20), 0.6),
        'paired n d=.5': () => sampleSize(pairs, 0.5).exact,
        'power paired n=50 d=.4': () => power(pairs(50), 0.4),
        'power n1=90 n2=60 d=.6 one-sided': () => power(arms(90, 60), 0.6, { tails: 'one-sided' }),
        'anova k=4 f=.25 n': () => anovaSize(4, 0.25),
        'r=.3 n': () => correlationSize(0.3),
        'prop .5 vs .75 power .9 n': () => twoProportionsSize(0.5, 0.75, 0.9),
        // R's power.t.test leaves the far tail out unless strict: the power of a one-sided test at half the level.
        'base power.t.test n=20 delta=1': () => power(arms(20), 1, { tails: 'one-sided', alpha: 0.025 }),
        'base strict': () => power(arms(20), 1),
      },
    },
  },
  {
    area: '1 MDES',
    cases: {
      'Dong & Maynard 2013': {
        'CRA2 rho.17 n15 J20': multiplier({ kind: 'cluster', clusters: 20, clusterSize: 15, icc: 0.17 }),
        'CRA3 rho3.06 rho2.17 n15 J3 K60': multiplier({
          kind: 'three-level',
          sites: 60,
          clustersPerSite: 3,
          clusterSize: 15,
          iccSite: 0.06,
          iccCluster: 0.17,
        }),
        'IRA n=200': multiplier(arms(100)),
        'CRA2 rho.15 n100 J40 R1.40 R2.53 g1 (published .250)': multiplier({
          kind: 'cluster',
          clusters: 40,
          clusterSize: 100,
          icc: 0.15,
          r2Person: 0.4,
          r2Cluster: 0.53,
          covariates: 1,
        }),
        // Published to two decimals: 0.28 for 0.2808.
        'IRA n=400 (published .28)': () => Number(multiplier(arms(200))().toFixed(2)),
        'IRA sample size default (787)': () => individualSize(0.2),
      },
    },
  },
];
