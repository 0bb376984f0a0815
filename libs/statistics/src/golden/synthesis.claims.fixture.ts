import {
  costEffectiveness,
  eggerTest,
  metaRegression,
  pool,
  rankCorrelationTest,
  threeLevelPool,
  trimAndFill,
  type EffectSize,
  type Tau2Method,
  type Test,
} from '../synthesis/index.js';
import { chiSquareQuantile } from '../distributions/chi-square.js';
import { findRoot } from '../numeric/root.js';
import { estimateTau2, fitAt, i2 } from '../synthesis/heterogeneity.js';
import { studiesFrom } from '../synthesis/random-effects.js';
import { robustPool } from '../synthesis/three-level.js';
import { trials } from '../synthesis/studies.fixture.js';
import { estimated, once, readDataSet, type GoldenAnswer, type GoldenClaims } from './golden-rows.fixture.js';

type Row = Record<string, string>;
const column = (rows: readonly Row[], name: string): number[] => rows.map((row) => Number(row[name]));
const trialsOf = (rows: readonly Row[], y: string, v: string, moderators: readonly string[] = []): readonly EffectSize<'effect'>[] =>
  trials(column(rows, y), column(rows, v), (index) => ({
    moderators: Object.fromEntries(moderators.map((name) => [name, Number(rows[index]?.[name])])),
    ...(rows[index]?.['district'] === undefined ? {} : { cluster: rows[index]['district'] }),
  }));

type Read = () => readonly EffectSize<'effect'>[];
const pooledAs = (read: Read, tau2Method: Tau2Method, test: Test) => () => estimated(pool(read(), { tau2Method, test, tolerance: R_STOPS }));
const fixedMean = (effects: readonly EffectSize<'effect'>[]): number => {
  const weight = effects.reduce((sum, { variance }) => sum + 1 / variance, 0);
  return effects.reduce((sum, { estimate, variance }) => sum + estimate / variance, 0) / weight;
};
const tau2Of = (read: Read, method: Tau2Method, tolerance?: number): number =>
  estimateTau2(studiesFrom({ estimates: read().map(({ estimate }) => estimate), variances: read().map(({ variance }) => variance) }), method, tolerance).tau2;

/**
 * Where metafor stops: its iterations when tau2 moves by less than 1e-5, its roots at an interval of a fourth root of machine
 * precision. Several known answers carry that in their last digits; figures that go on to the end are asserted in synthesis/.
 */
const R_STOPS = 1e-5;
const rootAsR = (read: Read, target: (df: number) => number): number => {
  const studies = studiesFrom({ estimates: read().map(({ estimate }) => estimate), variances: read().map(({ variance }) => variance) });
  return findRoot((tau2) => fitAt(studies, tau2).q - target(studies.k - 1), 0, 100, { tolerance: Number.EPSILON ** 0.25 });
};

/** What the three first data sets are asked alike. */
const poolAnswers = (read: Read) => {
  const z = once(pooledAs(read, 'REML', 'z'));
  const hksj = once(pooledAs(read, 'REML', 'hksj'));
  const dl = once(pooledAs(read, 'DL', 'z'));
  const prediction = (convention: 'normal' | 'hksj' | 'riley') => () => estimated(hksj().prediction[convention]);
  return { z, hksj, dl, prediction };
};

const bcg = once(() => trialsOf(readDataSet('meta_bcg.csv'), 'logRR', 'vi', ['ablat']));
const bcgPool = poolAnswers(bcg);
const latitude = once(() => estimated(metaRegression(bcg(), { moderators: ['ablat'], test: 'z', tolerance: R_STOPS })));
const bcgTypical = (): number => bcgPool.z().heterogeneity.tau2 / (bcgPool.z().heterogeneity.h2 - 1);
const bcgRobust = once(() => {
  const robust = robustPool(bcg().map(({ estimate }) => estimate), bcg().map(({ variance }) => variance), bcgPool.z().heterogeneity.tau2);
  if (!robust) throw new Error('no robust pool');
  return robust;
});

const bcgAnswers: Readonly<Record<string, GoldenAnswer>> = {
  Q: () => bcgPool.z().heterogeneity.q,
  'EE b': () => fixedMean(bcg()),
  'DL tau2': () => bcgPool.dl().heterogeneity.tau2,
  'DL b': () => bcgPool.dl().pooled.estimate,
  'REML b': () => bcgPool.z().pooled.estimate,
  'REML se': () => bcgPool.z().pooled.standardError,
  'REML ci lo': () => bcgPool.z().pooled.intervalLow,
  'REML ci hi': () => bcgPool.z().pooled.intervalHigh,
  'REML tau2': () => bcgPool.z().heterogeneity.tau2,
  'REML se tau2': () => bcgPool.z().heterogeneity.tau2StandardError ?? Number.NaN,
  'REML I2': () => 100 * bcgPool.z().heterogeneity.i2,
  'REML H2': () => bcgPool.z().heterogeneity.h2,
  'PM tau2': () => tau2Of(bcg, 'PM'),
  'ML tau2': () => tau2Of(bcg, 'ML'),
  'SJ tau2': () => tau2Of(bcg, 'SJ'),
  'HE tau2': () => tau2Of(bcg, 'HE'),
  'HS tau2': () => tau2Of(bcg, 'HS'),
  'HKSJ REML se': () => bcgPool.hksj().pooled.standardError,
  'HKSJ ci lo': () => bcgPool.hksj().pooled.intervalLow,
  'HKSJ ci hi': () => bcgPool.hksj().pooled.intervalHigh,
  'PI z lo': () => bcgPool.prediction('normal')().low,
  'PI z hi': () => bcgPool.prediction('normal')().high,
  'PI HKSJ t(k-1) lo': () => bcgPool.prediction('hksj')().low,
  'PI HKSJ hi': () => bcgPool.prediction('hksj')().high,
  'PI Riley t(k-2) lo': () => bcgPool.prediction('riley')().low,
  'PI Riley hi': () => bcgPool.prediction('riley')().high,
  'Qprofile tau2 lo': () => bcgPool.z().heterogeneity.tau2Interval.low,
  'Qprofile tau2 hi': () => bcgPool.z().heterogeneity.tau2Interval.high,
  'I2 CI lo': () => 100 * i2(rootAsR(bcg, (df) => chiSquareQuantile(0.975, df)), bcgTypical()),
  'I2 CI hi': () => 100 * i2(rootAsR(bcg, (df) => chiSquareQuantile(0.025, df)), bcgTypical()),
  'metareg ablat b': () => latitude().moderators[0]?.estimate ?? Number.NaN,
  'metareg se': () => latitude().moderators[0]?.standardError ?? Number.NaN,
  'metareg tau2': () => latitude().heterogeneity.tau2,
  'metareg R2': () => Math.round(10000 * (latitude().r2 ?? Number.NaN)) / 100,
  'metareg QM': () => latitude().omnibus.statistic,
  'Egger rma z': () => estimated(eggerTest(bcg(), { form: 'mixed', tolerance: R_STOPS })).asymmetry.statistic,
  'Egger lm t': () => estimated(eggerTest(bcg())).asymmetry.statistic,
  'CR2 se': () => bcgRobust().standardError,
  'CR2 df': () => bcgRobust().df,
};

const contactRows = once(() => readDataSet('contact_rct27_paluck2019.csv'));
const contact = once(() => trialsOf(contactRows(), 'd', 'var_d', ['p_a_p', 'se_d']));
const contactPool = poolAnswers(contact);
const about = (target: string) => () =>
  estimated(pool(trialsOf(contactRows().filter((row) => row['target_spelled_out'] === target), 'd', 'var_d'), { test: 'z' })).pooled.estimate;
const planned = once(() => estimated(metaRegression(contact(), { moderators: ['p_a_p'] })));

const contactAnswers: Readonly<Record<string, GoldenAnswer>> = {
  'EE b': () => fixedMean(contact()),
  'DL b (published 0.39)': () => contactPool.dl().pooled.estimate,
  'DL se': () => contactPool.dl().pooled.standardError,
  'DL tau2': () => contactPool.dl().heterogeneity.tau2,
  'DL I2': () => 100 * contactPool.dl().heterogeneity.i2,
  'Q df26': () => contactPool.z().heterogeneity.q,
  'REML b': () => contactPool.z().pooled.estimate,
  'REML se': () => contactPool.z().pooled.standardError,
  'REML tau2': () => contactPool.z().heterogeneity.tau2,
  'REML I2': () => 100 * contactPool.z().heterogeneity.i2,
  'HKSJ REML se': () => contactPool.hksj().pooled.standardError,
  'HKSJ lo': () => contactPool.hksj().pooled.intervalLow,
  'HKSJ hi': () => contactPool.hksj().pooled.intervalHigh,
  'PI HKSJ lo': () => contactPool.prediction('hksj')().low,
  'PI HKSJ hi': () => contactPool.prediction('hksj')().high,
  'PM tau2': () => tau2Of(contact, 'PM'),
  'Qprofile tau2 lo': () => contactPool.z().heterogeneity.tau2Interval.low,
  'Qprofile tau2 hi': () => contactPool.z().heterogeneity.tau2Interval.high,
  'race k=11 REML b': about('race'),
  'disability k=6 REML b': about('disability'),
  'religion k=3 REML b': about('religion'),
  'foreigners k=2 b': about('foreigners'),
  'Egger rma z': () => estimated(eggerTest(contact(), { form: 'mixed', tolerance: R_STOPS })).asymmetry.statistic,
  'Egger lm t df25': () => estimated(eggerTest(contact())).asymmetry.statistic,
  'rank tau': () => estimated(rankCorrelationTest(contact())).tau,
  'trimfill k0': () => estimated(trimAndFill(contact())).missing,
  'PAP moderator b (knha)': () => planned().moderators[0]?.estimate ?? Number.NaN,
  'PAP moderator p': () => planned().moderators[0]?.pValue ?? Number.NaN,
  'SE moderator (PET) intercept': () => estimated(metaRegression(contact(), { moderators: ['se_d'], test: 'z', tolerance: R_STOPS })).intercept.estimate,
};

const expectancy = once(() =>
  trials(column(readDataSet('meta_raudenbush1985.csv'), 'yi'), column(readDataSet('meta_raudenbush1985.csv'), 'vi'), (index) => ({
    moderators: { weeks: Math.min(3, Number(readDataSet('meta_raudenbush1985.csv')[index]?.['weeks'])) },
  })),
);
const expectancyPool = poolAnswers(expectancy);
const weeks = once(() => estimated(metaRegression(expectancy(), { moderators: ['weeks'], test: 'z', tolerance: R_STOPS })));

const example = (number: string) =>
  once(() => trialsOf(readDataSet('viechtbauer2005.csv').filter((row) => row['example'] === number), 'yi', 'vi'));
const schools = once(() => estimated(threeLevelPool(trialsOf(readDataSet('meta_konstantopoulos2011.csv'), 'yi', 'vi'))));

/** Log odds ratios with their variances, and people in all. */
const magnesium = once(() => {
  const rows = readDataSet('meta_egger2001.csv').map((row) => {
    const [a = 0, n1 = 0, c = 0, n2 = 0] = ['ai', 'n1i', 'ci', 'n2i'].map((name) => Number(row[name]));
    // A table with an empty cell gets a half added to each.
    const half = a === 0 || c === 0 ? 0.5 : 0;
    return { a: a + half, n1: n1 + 2 * half, c: c + half, n2: n2 + 2 * half, people: n1 + n2 };
  });
  return trials(
    rows.map(({ a, n1, c, n2 }) => Math.log((a * (n2 - c)) / ((n1 - a) * c))),
    rows.map(({ a, n1, c, n2 }) => 1 / a + 1 / (n1 - a) + 1 / c + 1 / (n2 - c)),
    (index) => ({ people: rows[index]?.people ?? 0 }),
  );
});
const cost = once(() => estimated(costEffectiveness({ cost: 50, costStandardError: 5, effect: 0.3, effectStandardError: 0.08 })));
const costEnd = (end: 'low' | 'high') => () => {
  const { interval } = cost();
  return interval.kind === 'between' ? interval[end] : Number.NaN;
};

export const claims: readonly GoldenClaims[] = [
  {
    area: '2 meta',
    cases: {
      'meta_bcg.csv': bcgAnswers,
      'viechtbauer2005.csv ex1': {
        ...Object.fromEntries((['HS', 'HE', 'DL', 'ML', 'REML', 'EB', 'SJ'] as const).map((method) => [`tau2 ${method}`, () => tau2Of(example('1'), method, R_STOPS)])),
        'tau2 PM': () => rootAsR(example('1'), (df) => df),
      },
    },
  },
  { area: '2 meta contact', cases: { 'contact_rct27_paluck2019.csv': contactAnswers } },
  {
    area: '2 meta prior contact',
    cases: {
      'meta_raudenbush1985.csv': {
        'REML b': () => expectancyPool.z().pooled.estimate,
        'REML tau2': () => expectancyPool.z().heterogeneity.tau2,
        Q: () => expectancyPool.z().heterogeneity.q,
        'HKSJ se': () => expectancyPool.hksj().pooled.standardError,
        'HKSJ lo': () => expectancyPool.hksj().pooled.intervalLow,
        'HKSJ hi': () => expectancyPool.hksj().pooled.intervalHigh,
        'PI z lo': () => expectancyPool.prediction('normal')().low,
        'PI z hi': () => expectancyPool.prediction('normal')().high,
        'weeks(cap 3) intercept': () => weeks().intercept.estimate,
        'weeks slope': () => weeks().moderators[0]?.estimate ?? Number.NaN,
        'slope z': () => weeks().moderators[0]?.statistic ?? Number.NaN,
      },
    },
  },
  {
    area: '2 meta 3-level',
    cases: {
      'meta_konstantopoulos2011.csv': {
        '3-level b': () => schools().estimate,
        se: () => schools().modelStandardError,
        'var district': () => schools().varianceBetweenClusters,
        'var study': () => schools().varianceWithinClusters,
        'CR1 se': () => schools().cr1StandardError,
        // Printed to two decimals.
        'CR2 df': () => Math.round(100 * schools().df) / 100,
      },
    },
  },
  {
    area: '2 meta bias',
    cases: {
      'meta_egger2001.csv log OR all 16': {
        'regtest mixed z': () => estimated(eggerTest(magnesium(), { form: 'mixed', tolerance: R_STOPS })).asymmetry.statistic,
        'lm sqrtninv t': () => estimated(eggerTest(magnesium(), { predictor: 'inverse-root-n' })).asymmetry.statistic,
      },
    },
  },
  {
    area: '2 cost-effect',
    cases: {
      'cost 50 (SE 5), effect .30 (SE .08), independent': {
        'ratio 50/.30': () => cost().ratio,
        'Fieller lo': costEnd('low'),
        'Fieller hi': costEnd('high'),
        'delta SE': () => cost().deltaStandardError,
      },
    },
  },
];
