import { chiSquareQuantile } from '../distributions/chi-square.js';
import { findRoot } from '../numeric/root.js';
import { weightedFit, type Studies, type WeightedFit } from './weighted-fit.js';

/**
 * Estimators of tau2, the variance of the true values between studies.
 * REML restricted maximum likelihood; ML maximum likelihood; DL DerSimonian and Laird; PM Paule and Mandel; EB empirical
 * Bayes (the same equation as PM, solved by its own iteration); HE Hedges; HS Hunter and Schmidt; SJ Sidik and Jonkman.
 */
export const TAU2_METHODS = ['REML', 'ML', 'DL', 'PM', 'EB', 'HE', 'HS', 'SJ'] as const;
export type Tau2Method = (typeof TAU2_METHODS)[number];

export type Tau2 = { readonly tau2: number; readonly standardError: number | undefined; readonly converged: boolean };

const MOST_STEPS = 2000;

export const weightsAt = ({ variances }: Studies, tau2: number): Float64Array => variances.map((v) => 1 / (v + tau2));

/** The design was checked to be of full rank, and weights are positive, so a fit is always there. */
export const fitAt = (studies: Studies, tau2: number): WeightedFit => fitWith(studies, weightsAt(studies, tau2));

const fitWith = (studies: Studies, weights: Float64Array): WeightedFit => {
  const fit = weightedFit(studies, weights);
  if (!fit) throw new Error('the design lost its rank under positive weights');
  return fit;
};

/**
 * tau2, truncated at 0.
 *
 * Formulas: Viechtbauer (2005), Journal of Educational and Behavioral Statistics 30(3), for DL, HE, HS, ML, REML; Paule and
 * Mandel (1982), J. Res. NBS 87; Sidik and Jonkman (2005), Applied Statistics 54; with moderators, Raudenbush (2009).
 * REML and ML by Fisher scoring from HE with steps halved when they overshoot.
 *
 * @param tolerance - the iterations stop when tau2 moves by less; 1e-12 relative to the variances unless said
 */
export const estimateTau2 = (studies: Studies, method: Tau2Method, tolerance?: number): Tau2 => {
  const { k, columns: p } = studies;
  const direct = (value: number): Tau2 => ({ tau2: Math.max(0, value), standardError: undefined, converged: true });
  switch (method) {
    case 'HE':
      return direct(hedges(studies));
    case 'DL': {
      const { q, traceP } = fitAt(studies, 0);
      return direct((q - (k - p)) / traceP);
    }
    case 'HS': {
      const { q, sumOfWeights } = fitAt(studies, 0);
      return direct((q - k) / sumOfWeights);
    }
    case 'SJ':
      return direct(sidikJonkman(studies));
    case 'PM':
      return direct(solveQ(studies, k - p));
    default:
      return iterate(studies, method, tolerance ?? 1e-12 * mean(studies.variances));
  }
};

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The unweighted fit: RSS = (k - p) tau2 + tr(PV) in expectation. */
const hedges = (studies: Studies): number => {
  const { q, leverages } = fitWith(studies, studies.variances.map(() => 1));
  const sampling = studies.variances.reduce((sum, v, i) => sum + v * (1 - (leverages[i] as number)), 0);
  return (q - sampling) / (studies.k - studies.columns);
};

const sidikJonkman = (studies: Studies): number => {
  const { k, columns: p, estimates } = studies;
  const middle = mean(estimates);
  const start = estimates.reduce((sum, y) => sum + (y - middle) ** 2, 0) / k;
  return start === 0 ? 0 : (start * fitAt(studies, start).q) / (k - p);
};

/** tau2 at which the generalised Q equals `target`; 0 where it is below already at tau2 = 0. Q falls steadily in tau2. */
const solveQ = (studies: Studies, target: number): number => {
  const above = (tau2: number): number => fitAt(studies, tau2).q - target;
  if (above(0) <= 0) return 0;
  let high = mean(studies.variances);
  while (above(high) > 0) high *= 4;
  return findRoot(above, 0, high, { tolerance: 1e-14 * high });
};

type Iterated = 'REML' | 'ML' | 'EB';

const STEP: Readonly<Record<Iterated, (fit: WeightedFit, studies: Studies) => number>> = {
  REML: ({ qq, traceP, tracePP }) => (qq - traceP) / tracePP,
  ML: ({ qq, sumOfWeights, sumOfSquaredWeights }) => (qq - sumOfWeights) / sumOfSquaredWeights,
  EB: ({ q, sumOfWeights }, { k, columns: p }) => ((q * k) / (k - p) - k) / sumOfWeights,
};

const iterate = (studies: Studies, method: Iterated, tolerance: number): Tau2 => {
  let tau2 = Math.max(0, hedges(studies));
  let fit = fitAt(studies, tau2);
  let damping = 1;
  let last = 0;
  for (let count = 0; count < MOST_STEPS; count++) {
    const step = STEP[method](fit, studies);
    // Steps that turn back and hardly shrink circle around the answer: go half the way from then on.
    if (step * last < 0 && Math.abs(step) > 0.5 * Math.abs(last)) damping /= 2;
    // A step below 0 is halved until it is not, so that an answer at 0 is neared and never jumped at.
    let move = damping * step;
    while (tau2 + move < 0) move /= 2;
    last = step;
    tau2 += move;
    fit = fitAt(studies, tau2);
    if (Math.abs(move) <= tolerance) return settled(studies, method, tau2);
  }
  return { tau2, standardError: undefined, converged: false };
};

/** What lies within rounding of 0 is 0 when 0 is where the steps lead. */
const settled = (studies: Studies, method: Iterated, near: number): Tau2 => {
  const atNothing = near <= 1e-9 * mean(studies.variances) && STEP[method](fitAt(studies, 0), studies) <= 0;
  const tau2 = atNothing ? 0 : near;
  return { tau2, standardError: likelihoodError(method, fitAt(studies, tau2)), converged: true };
};

/** From the Fisher information of tau2. */
const likelihoodError = (method: Iterated, { tracePP, sumOfSquaredWeights }: WeightedFit): number | undefined => {
  if (method === 'EB') return undefined;
  return Math.sqrt(2 / (method === 'REML' ? tracePP : sumOfSquaredWeights));
};

export type Range = { readonly low: number; readonly high: number };

/** Sampling variance of a typical study (Higgins and Thompson 2002), from which I2 and H2 follow. */
export const typicalVariance = (studies: Studies): number => (studies.k - studies.columns) / fitAt(studies, 0).traceP;

/** Share of the variance that lies between studies, 0 to 1, and total over sampling variance. */
export const i2 = (tau2: number, typical: number): number => tau2 / (tau2 + typical);
export const h2 = (tau2: number, typical: number): number => (tau2 + typical) / typical;

/**
 * Interval of tau2 by the Q-profile: all tau2 at which the generalised Q is not surprising. Both ends are 0 where Q is
 * small even for tau2 = 0.
 *
 * Source: Viechtbauer (2007), Statistics in Medicine 26.
 */
export const qProfile = (studies: Studies, level: number): Range => {
  const df = studies.k - studies.columns;
  return {
    low: solveQ(studies, chiSquareQuantile((1 + level) / 2, df)),
    high: solveQ(studies, chiSquareQuantile((1 - level) / 2, df)),
  };
};
