import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireOneClaim, type Effects, type PoolableClaim } from './effect-size.js';
import { inputOf } from './pool.js';
import { coefficientOf, fitStudies, studiesFrom, type Coefficient, type MetaOptions } from './random-effects.js';
import { weightedFit } from './weighted-fit.js';

export type TrimAndFill = {
  readonly estimable: true;
  readonly claim: PoolableClaim;
  readonly method: string;
  readonly k: number;
  /** Studies that seem to be missing, and where. */
  readonly missing: number;
  readonly side: 'left' | 'right';
  readonly filled: readonly { readonly estimate: number; readonly variance: number }[];
  readonly pooled: Coefficient;
  readonly tau2: number;
};

export type TrimAndFillOptions = MetaOptions & {
  /** L0 unless said. */
  readonly estimator?: 'L0' | 'R0';
  /** Where studies are missing; the side away from where small studies lean, unless said. */
  readonly side?: 'left' | 'right';
  /** Every study has the same true value while trimming and pooling. */
  readonly fixed?: boolean;
};

const MOST_ROUNDS = 100;

/**
 * Trim and fill: drops what is extreme on one side until the rest is symmetric, counts what was dropped, and mirrors it. A
 * sensitivity analysis: it assumes that nothing but missing studies makes a funnel lean.
 *
 * Source: Duval and Tweedie (2000), Biometrics 56. Fewer than 3 studies are `too-few-studies`. Agrees with metafor's trimfill.
 */
export const trimAndFill = (effects: Effects, options: TrimAndFillOptions = {}): TrimAndFill | NotEstimable => {
  const claim = requireOneClaim(effects);
  if (!claim || effects.length < 3) return notEstimable('too-few-studies');
  const { estimates, variances } = inputOf(effects);
  const side = options.side ?? sideThatLacks(estimates, variances);
  // Mirrored, so that the missing ones are always on the left.
  const flip = side === 'right' ? -1 : 1;
  const sorted = estimates.map((y, index) => ({ y: flip * y, v: variances[index] as number })).sort((one, other) => one.y - other.y);
  const meanOf = centre(options);
  let missing = 0;
  let middle: number | undefined;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    middle = meanOf(sorted.slice(0, sorted.length - missing));
    if (middle === undefined) return notEstimable('did-not-converge');
    const next = countMissing(sorted.map(({ y }) => y - (middle as number)), options.estimator ?? 'L0');
    if (next === missing) break;
    if (next >= sorted.length - 1 || round === MOST_ROUNDS - 1) return notEstimable('did-not-converge');
    missing = next;
  }
  const filled = sorted.slice(sorted.length - missing).map(({ y, v }) => ({ estimate: flip * (2 * (middle as number) - y), variance: v }));
  const all = { estimates: [...estimates, ...filled.map(({ estimate }) => estimate)], variances: [...variances, ...filled.map(({ variance }) => variance)] };
  const fitted = options.fixed ? undefined : fitStudies(studiesFrom(all), options);
  if (fitted && 'estimable' in fitted) return fitted;
  const pooled = fitted?.result.coefficients[0] ?? fixedPool(all, options.level ?? 0.95);
  return { estimable: true, claim, method: `trim and fill, ${options.estimator ?? 'L0'}, ${fitted?.result.method ?? 'fixed'}`, k: estimates.length, missing, side, filled, pooled, tau2: fitted?.result.heterogeneity.tau2 ?? 0 };
};

type Lists = { readonly estimates: readonly number[]; readonly variances: readonly number[] };

/** Small studies that lean to the right leave a gap on the left. */
const sideThatLacks = (estimates: readonly number[], variances: readonly number[]): 'left' | 'right' => {
  const studies = studiesFrom({ estimates, variances, moderators: variances.map((v) => [Math.sqrt(v)]) });
  const fit = weightedFit(studies, studies.variances.map((v) => 1 / v));
  return fit && (fit.coefficients[1] as number) < 0 ? 'right' : 'left';
};

type Sized = { readonly y: number; readonly v: number };

const centre = (options: TrimAndFillOptions) => (list: readonly Sized[]): number | undefined => {
  if (list.length === 0) return undefined;
  const lists = { estimates: list.map(({ y }) => y), variances: list.map(({ v }) => v) };
  if (options.fixed || list.length === 1) return fixedPool(lists, 0.95).estimate;
  const fitted = fitStudies(studiesFrom(lists), { ...options, test: 'z' });
  return 'estimable' in fitted ? undefined : fitted.result.coefficients[0]?.estimate;
};

/** Ranks of |deviation|, earlier first among ties; L0 from their sum on the right, R0 from the run at the end. */
const countMissing = (deviations: readonly number[], estimator: 'L0' | 'R0'): number => {
  const k = deviations.length;
  const order = deviations.map((_, index) => index).sort((i, j) => Math.abs(deviations[i] as number) - Math.abs(deviations[j] as number) || i - j);
  const signedRanks = order.map((index, rank) => Math.sign(deviations[index] as number) * (rank + 1));
  const rightSum = signedRanks.filter((rank) => rank > 0).reduce((sum, rank) => sum + rank, 0);
  const lastOnLeft = Math.max(0, ...signedRanks.filter((rank) => rank < 0).map((rank) => -rank));
  const count = estimator === 'R0' ? k - lastOnLeft - 1 : (4 * rightSum - k * (k + 1)) / (2 * k - 1);
  return Math.max(0, Math.round(count));
};

const fixedPool = ({ estimates, variances }: Lists, level: number): Coefficient => {
  const weight = variances.reduce((sum, v) => sum + 1 / v, 0);
  const mean = estimates.reduce((sum, y, index) => sum + y / (variances[index] as number), 0) / weight;
  return coefficientOf(mean, Math.sqrt(1 / weight), undefined, level);
};
