import {
  countCusum,
  countCusumRunLength,
  cusumChart,
  cusumRunLength,
  ewmaChart,
  ewmaRunLength,
  seededRandom,
  shewhartRunLength,
  xmrChart,
  type Random,
} from '@common-ground/statistics';
import { runsOf, type Check, type Simulation } from './check.js';

/** Mean run lengths over 20,000 runs may be off by three per cent. */
const TOLERANCE = 0.03;

/** First position that signals in a series, from 1; undefined when none does. */
type Watch = (values: readonly number[]) => number | undefined;

const firstOf = (signals: readonly boolean[]): number | undefined => {
  const at = signals.indexOf(true);
  return at < 0 ? undefined : at + 1;
};

/** How long one series runs until its chart signals; the series is drawn further as long as it does not. */
const runLength = (watch: Watch, draw: () => number, expected: number): number => {
  const values: number[] = [];
  for (let length = Math.ceil(2 * expected); ; length *= 2) {
    while (values.length < length) values.push(draw());
    const at = watch(values);
    if (at !== undefined) return at;
  }
};

const check = (name: string, expected: number, runs: number, seed: number, watch: Watch, draw: (random: Random) => number): Check => {
  const random = seededRandom(seed);
  let sum = 0;
  for (let run = 0; run < runs; run++) sum += runLength(watch, () => draw(random), expected);
  return { name, measured: sum / runs, least: expected * (1 - TOLERANCE), most: expected * (1 + TOLERANCE), runs };
};

const cusum: Watch = (values) => firstOf(cusumChart(values, { target: 0, sigma: 1, k: 0.5, h: 4 }).points.map((one) => one.signal !== 'none'));
const ewma =
  (limits: 'steady' | 'exact'): Watch =>
  (values) =>
    firstOf(ewmaChart(values, { target: 0, sigma: 1, lambda: 0.2, width: 2.962, limits }).points.map((one) => one.signal !== 'none'));
const counts =
  (k: number, h: number): Watch =>
  (values) =>
    firstOf(countCusum(values, { k, h }).points.map((one) => one.signal));

/** Knuth's product of uniforms: fine for means of a few. */
const poisson = (mean: number, random: Random): number => {
  const end = Math.exp(-mean);
  let count = -1;
  for (let product = 1; product > end; product *= random.uniform()) count += 1;
  return count;
};

/**
 * Single values against limits from a long calm baseline: the chance of the first rule alone, as the other rules signal too. The
 * baseline is drawn once: limits of 20,000 points are as good as known.
 */
const single = (runs: number): Check => {
  const random = seededRandom(26);
  const baseline = Array.from({ length: 20_000 }, () => random.normal());
  const values = [...baseline, ...Array.from({ length: 10 * runs }, () => 1 + random.normal())];
  const chart = xmrChart(values, { baseline: baseline.length, screen: false });
  if (!chart.estimable) throw new Error(chart.because);
  const beyond = chart.signals.filter((one) => one.index >= baseline.length && one.rules.includes('beyond-limits')).length;
  const expected = shewhartRunLength(3, 1);
  return {
    name: 'single values, 3 sigma, shift 1',
    measured: (values.length - baseline.length) / beyond,
    least: expected * (1 - TOLERANCE),
    most: expected * (1 + TOLERANCE),
    runs: 10 * runs,
  };
};

export const runLengths: Simulation = {
  name: 'run lengths',
  title: 'how long charts run until they signal',
  run: (share) => {
    const runs = runsOf(20_000, share);
    const shifted = (shift: number) => (random: Random) => shift + random.normal();
    const event = (p: number) => (random: Random) => Number(random.uniform() < p);
    return [
      check('CUSUM k 0.5 h 4, in control', cusumRunLength({ k: 0.5, h: 4 }), runs, 21, cusum, shifted(0)),
      check('CUSUM k 0.5 h 4, shift 1', cusumRunLength({ k: 0.5, h: 4 }, 1), runs, 22, cusum, shifted(1)),
      check('EWMA 0.2 / 2.962, in control', ewmaRunLength({ lambda: 0.2, width: 2.962 }), runs, 23, ewma('steady'), shifted(0)),
      check('EWMA 0.2 / 2.962, exact limits', ewmaRunLength({ lambda: 0.2, width: 2.962, limits: 'exact' }), runs, 24, ewma('exact'), shifted(0)),
      check('EWMA 0.2 / 2.962, shift 1', ewmaRunLength({ lambda: 0.2, width: 2.962 }, 1), runs, 25, ewma('steady'), shifted(1)),
      single(runs),
      check('Poisson CUSUM k 1.5 h 4, mean 1', countCusumRunLength({ k: 1.5, h: 4 }, { kind: 'poisson', mean: 1 }), runs, 27, counts(1.5, 4), (random) => poisson(1, random)),
      check('Poisson CUSUM k 2 h 5, mean 3', countCusumRunLength({ k: 2, h: 5 }, { kind: 'poisson', mean: 3 }), runs, 28, counts(2, 5), (random) => poisson(3, random)),
      check(
        'Bernoulli CUSUM k 0.15 h 1.7, p 0.1',
        countCusumRunLength({ k: 0.15, h: 1.7 }, { kind: 'binomial', trials: 1, probability: 0.1 }),
        runs,
        29,
        counts(0.15, 1.7),
        event(0.1),
      ),
    ];
  },
};
