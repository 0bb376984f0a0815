import {
  coxRegression,
  ears,
  ewmaChart,
  farrington,
  gLimits,
  logRankTest,
  poissonRate,
  poissonTails,
  rateRatio,
  siegmundRunLength,
  survivalCurve,
  xmrLimits,
  cusumChart,
  type EarsMethod,
  type FarringtonPoint,
} from '../watching/index.js';
import { estimated, once, readDataSet, type GoldenClaims } from './golden-rows.fixture.js';

/** Individuals chart of the NIST handbook, 6.3.2.2. */
const flow = once(() => {
  const values = readDataSet('xmr_ewma_nist.csv').flatMap((row) => (row['xmr_flow'] ? [Number(row['xmr_flow'])] : []));
  const limits = xmrLimits(values);
  if ('estimable' in limits) throw new Error(limits.because);
  return limits;
});

/** EWMA chart of the NIST handbook, 6.3.2.4. */
const average = once(() => {
  const values = readDataSet('xmr_ewma_nist.csv').map((row) => Number(row['ewma_x']));
  return ewmaChart(values, { target: 50, sigma: 2.0539, lambda: 0.3, width: 3 }).points[0];
});

const cases = once(() => readDataSet('surveillance_salmonella_agona.csv').map((row) => Number(row['observed'])));
/** Weeks 250 to 312, counted from 1 as the known answers count them. */
const WEEKS = Array.from({ length: 63 }, (_, at) => at + 250);

const outbreaks = once(() =>
  farrington(
    cases(),
    WEEKS.map((week) => week - 1),
    { years: 4 },
  ).map((one) => estimated(one) as FarringtonPoint),
);

const early = (method: EarsMethod) => ears(cases(), method).points.filter((one) => WEEKS.includes(one.index + 1));
const alarms = (points: readonly { readonly index: number; readonly alarm: boolean }[]): number[] =>
  points.filter((one) => one.alarm).map((one) => one.index + 1);
const firstLimits = (points: readonly { readonly upper?: number }[]): number[] =>
  points.slice(0, 5).map((one) => one.upper ?? Number.NaN);

/** Counts standardised by the mean of the weeks before, as surveillance's algo.cusum. */
const sums = (): number[] => {
  const before = cases().slice(0, 249);
  const mean = before.reduce((sum, count) => sum + count, 0) / before.length;
  const watched = WEEKS.map((week) => cases()[week - 1] ?? Number.NaN);
  return cusumChart(watched, { target: mean, sigma: Math.sqrt(mean), k: 1.04, h: 2.26 })
    .points.filter((one) => one.signal === 'high')
    .map((one) => one.index + 250);
};

const aml = once(() => {
  const rows = readDataSet('survival_aml.csv');
  const spells = rows.map((row) => ({ time: Number(row['time']), event: row['status'] === '1' }));
  const groups = rows.map((row) => row['x'] ?? '');
  const median = (group: string) => estimated(survivalCurve(spells.filter((_, at) => groups[at] === group))).median ?? NaN;
  const cox = estimated(coxRegression(spells, groups.map((group) => [Number(group === 'Nonmaintained')]))).estimates[0];
  return { median, test: estimated(logRankTest(spells, groups)), cox };
});

const ratio = once(() => estimated(rateRatio({ events: 11, exposure: 800 }, { events: 21, exposure: 3011 })));

export const claims: readonly GoldenClaims[] = [
  {
    area: '4 SPC',
    cases: {
      'xmr_ewma_nist.csv': {
        'XmR mean': () => flow().centre,
        MRbar: () => flow().meanMovingRange,
        'UCL (3/1.128)': () => flow().upper,
        LCL: () => flow().lower,
        'EWMA UCL': () => average()?.upper ?? Number.NaN,
        'EWMA LCL': () => average()?.lower ?? Number.NaN,
      },
    },
  },
  {
    area: '4 surveillance',
    cases: {
      'surveillance_salmonella_agona.csv': {
        'Farrington alarms 250:312': () => alarms(outbreaks()),
        'Farrington first 5 upper': () => firstLimits(outbreaks()),
        'C1 alarms': () => alarms(early('C1')),
        'C1 first 5 upper': () => firstLimits(early('C1')),
        'C2 alarms': () => alarms(early('C2')),
        'C2 first 5 upper': () => firstLimits(early('C2')),
        'C3 alarms (alpha .025)': () => alarms(early('C3')),
        'CUSUM k1.04 h2.26 alarms': sums,
      },
    },
  },
  {
    area: '4 drop-off',
    cases: {
      'survival_aml.csv': {
        'median maintained': () => aml().median('Maintained'),
        'median non-maintained': () => aml().median('Nonmaintained'),
        'logrank chi2': () => aml().test.chiSquare,
        p: () => aml().test.pValue,
        'Cox b': () => aml().cox?.estimate ?? Number.NaN,
        'Cox SE': () => aml().cox?.standardError ?? Number.NaN,
      },
    },
  },
  {
    area: '4 Poisson',
    cases: {
      'P(X>=15|8)': { 'P(X>=15|8)': () => poissonTails(15, 8).atLeast },
      'exact CI 15 lo': { 'exact CI 15 lo': () => poissonRate(15).intervalLow },
      'exact CI 15 hi': { 'exact CI 15 hi': () => poissonRate(15).intervalHigh },
      'rate ratio 11/800 vs 21/3011': { 'rate ratio 11/800 vs 21/3011': () => ratio().ratio },
      'RR CI lo': { 'RR CI lo': () => ratio().intervalLow },
      'RR CI hi': { 'RR CI hi': () => ratio().intervalHigh },
      'RR p': { 'RR p': () => ratio().pValue },
      'g-chart UCL gbar=12': { 'g-chart UCL gbar=12': () => gLimits(12).upper },
      'Siegmund ARL0 k.5 h5 two-sided': {
        'Siegmund ARL0 k.5 h5 two-sided': () => siegmundRunLength({ k: 0.5, h: 5 }),
      },
    },
  },
];
