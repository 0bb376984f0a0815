import { Matrix } from 'ml-matrix';
import { normalCdf, normalQuantile } from '../distributions/normal.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';
import { positiveDefinite } from '../linear/positive-definite.js';
import { eventTimes, requireSpells, type Spell } from './survival.js';

export type HazardEstimate = {
  /** Log hazard ratio a unit of the covariate. */
  readonly estimate: number;
  readonly standardError: number;
  readonly hazardRatio: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly pValue: number;
};

export type CoxFit = {
  readonly estimable: true;
  readonly method: 'cox, efron ties';
  readonly estimates: readonly HazardEstimate[];
  readonly logLikelihood: number;
  readonly n: number;
  readonly events: number;
  readonly level: number;
};

type Problem = { readonly spells: readonly Spell[]; readonly x: Matrix };
type Moments = { sum: number; first: Matrix; second: Matrix };

/** Sums of exp(x b), x exp(x b) and x x' exp(x b) over some people. */
const momentsOf = (x: Matrix, risk: readonly number[], rows: readonly number[]): Moments => {
  const total: Moments = { sum: 0, first: Matrix.zeros(1, x.columns), second: Matrix.zeros(x.columns, x.columns) };
  for (const row of rows) {
    const weight = risk[row] ?? 0;
    const line = Matrix.rowVector(x.getRow(row));
    total.sum += weight;
    total.first.add(Matrix.mul(line, weight));
    total.second.add(line.transpose().mmul(line).mul(weight));
  }
  return total;
};

/** Efron's (1977) partial likelihood with its score and information. */
const partialLikelihood = ({ spells, x }: Problem, beta: Matrix) => {
  const scores = x.mmul(beta).to1DArray();
  const risk = scores.map(Math.exp);
  let value = 0;
  const score = Matrix.zeros(1, x.columns);
  const information = Matrix.zeros(x.columns, x.columns);
  const rows = spells.map((_, row) => row);
  for (const time of eventTimes(spells)) {
    const leaving = rows.filter((row) => spells[row]?.event && spells[row].time === time);
    const all = momentsOf(x, risk, rows.filter((row) => (spells[row]?.time ?? 0) >= time));
    const tied = momentsOf(x, risk, leaving);
    leaving.forEach((row, position) => {
      const share = position / leaving.length;
      const sum = all.sum - share * tied.sum;
      const mean = Matrix.sub(all.first, Matrix.mul(tied.first, share)).div(sum);
      value += (scores[row] ?? 0) - Math.log(sum);
      score.add(Matrix.rowVector(x.getRow(row))).sub(mean);
      information.add(Matrix.sub(all.second, Matrix.mul(tied.second, share)).div(sum)).sub(mean.transpose().mmul(mean));
    });
  }
  return { value, score, information };
};

/** A standardised coefficient beyond this is a hazard ratio without bound. */
const NO_BOUND = 15;

const standardise = (covariates: readonly (readonly number[])[]) => {
  const width = covariates[0]?.length ?? 0;
  const mean = (j: number) => covariates.reduce((sum, row) => sum + (row[j] ?? 0), 0) / covariates.length;
  const means = Array.from({ length: width }, (_, j) => mean(j));
  const spreads = means.map((centre, j) =>
    Math.sqrt(covariates.reduce((sum, row) => sum + ((row[j] ?? 0) - centre) ** 2, 0) / covariates.length),
  );
  return { means, spreads };
};

/**
 * Proportional hazards regression (Cox 1972) with Efron's handling of ties: how much faster people leave a unit of a covariate.
 *
 * @param covariates - one row a spell; no intercept
 * @returns not estimable when nobody left (`no-events`), with no more events than covariates (`too-few-observations`), covariates
 * that never vary or depend on each other (`not-identified`), or one that orders the leaving without error (`separation`)
 */
export const coxRegression = (
  spells: readonly Spell[],
  covariates: readonly (readonly number[])[],
  level = 0.95,
): CoxFit | NotEstimable => {
  requireSpells(spells);
  requireSameLength('covariates', covariates, 'spells', spells);
  covariates.forEach((row, at) => {
    requireSameLength(`covariates[${at}]`, row, 'covariates[0]', covariates[0] ?? []);
    requireFinite(`covariates[${at}]`, row);
  });
  requireLevel(level);
  const events = spells.filter((one) => one.event).length;
  if (events === 0) return notEstimable('no-events');
  const { means, spreads } = standardise(covariates);
  if (events <= means.length) return notEstimable('too-few-observations');
  if (means.length === 0 || spreads.some((spread) => !(spread > 1e-12))) return notEstimable('not-identified');
  const x = new Matrix(covariates.map((row) => row.map((value, j) => (value - (means[j] ?? 0)) / (spreads[j] ?? 1))));
  const problem = { spells, x };
  let beta = Matrix.zeros(x.columns, 1);
  for (let round = 0, before = -Infinity; round < 50; round++) {
    const { value, score, information } = partialLikelihood(problem, beta);
    const factored = positiveDefinite(information);
    if (!factored) return notEstimable(round === 0 ? 'not-identified' : 'separation');
    if (Math.abs(value - before) < 1e-12 * (Math.abs(value) + 1))
      return summary(beta, factored.inverse(), spreads, value, { n: spells.length, events, level });
    beta = Matrix.add(beta, factored.solve(score.transpose()));
    if (beta.to1DArray().some((one) => Math.abs(one) > NO_BOUND)) return notEstimable('separation');
    before = value;
  }
  return notEstimable('did-not-converge');
};

const summary = (
  beta: Matrix,
  covariance: Matrix,
  spreads: readonly number[],
  logLikelihood: number,
  counts: { readonly n: number; readonly events: number; readonly level: number },
): CoxFit => {
  const z = normalQuantile((1 + counts.level) / 2);
  const estimates = spreads.map((spread, j): HazardEstimate => {
    const [estimate, standardError] = [beta.get(j, 0) / spread, Math.sqrt(covariance.get(j, j)) / spread];
    return {
      estimate,
      standardError,
      hazardRatio: Math.exp(estimate),
      intervalLow: Math.exp(estimate - z * standardError),
      intervalHigh: Math.exp(estimate + z * standardError),
      pValue: 2 * normalCdf(-Math.abs(estimate / standardError)),
    };
  });
  return { estimable: true, method: 'cox, efron ties', estimates, logLikelihood, ...counts };
};
