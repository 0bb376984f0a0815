import { Matrix } from 'ml-matrix';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireSameLength } from '../inputs.js';
import { positiveDefinite, type PositiveDefinite } from '../linear/positive-definite.js';
import { orthonormalise } from './orthonormal.js';

export type LogisticFit = {
  readonly estimable: true;
  readonly method: 'logistic-irls';
  /** Log odds, one a column. */
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  /** Fitted probability of 1, one a row. */
  readonly probabilities: readonly number[];
  readonly deviance: number;
  /** n minus columns. */
  readonly df: number;
  readonly observations: number;
};

/** A fitted probability this near 0 or 1 for every row of a kind, with no end in sight, is separation. */
const EDGE = 1e-8;

const chance = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

const devianceOf = (outcome: readonly (0 | 1)[], logOdds: readonly number[]): number =>
  outcome.reduce<number>((sum, y, row) => {
    const eta = logOdds[row] ?? 0;
    return sum + 2 * Math.log1p(Math.exp(y === 1 ? -eta : eta));
  }, 0);

const requireLogistic = (design: readonly (readonly number[])[], outcome: readonly (0 | 1)[]): void => {
  requireSameLength('design', design, 'outcome', outcome);
  const first = design[0] ?? [];
  design.forEach((row, at) => {
    requireSameLength(`design[${at}]`, row, 'design[0]', first);
    requireFinite(`design[${at}]`, row);
  });
  outcome.forEach((value, at) => {
    if (value !== 0 && value !== 1) throw new RangeError(`outcome[${at}] must be 0 or 1, not ${String(value)}`);
  });
};

type Step = { readonly beta: Matrix; readonly information: PositiveDefinite };

const weighted = (x: Matrix, outcome: readonly (0 | 1)[], beta: Matrix): Step | undefined => {
  const probabilities = x.mmul(beta).to1DArray().map(chance);
  const information = Matrix.zeros(x.columns, x.columns);
  const score = Matrix.zeros(x.columns, 1);
  probabilities.forEach((p, row) => {
    const weight = p * (1 - p);
    const left = (outcome[row] ?? 0) - p;
    for (let i = 0; i < x.columns; i++) {
      score.set(i, 0, score.get(i, 0) + x.get(row, i) * left);
      for (let j = 0; j <= i; j++)
        information.set(i, j, information.get(i, j) + weight * x.get(row, i) * x.get(row, j));
    }
  });
  const factored = positiveDefinite(information);
  return factored && { beta: Matrix.add(beta, factored.solve(score)), information: factored };
};

/**
 * Logistic regression by iteratively reweighted least squares (McCullagh & Nelder 1989, 4.4), the columns scaled inside.
 * Standard errors from the expected information.
 *
 * @param design - n rows of k columns, an intercept among them
 * @param outcome - n values 0 or 1
 * @returns not estimable when all outcomes are equal (`no-variation`), n <= k (`too-few-observations`), columns depend on each
 * other (`not-identified`), or a combination of columns tells the outcome, or some rows' outcome, without error, so that
 * its odds have no bound (`separation`; Albert & Anderson 1984)
 * @throws RangeError naming a list of the wrong length, a number that is not finite or an outcome that is not 0 or 1
 */
export const logisticRegression = (
  design: readonly (readonly number[])[],
  outcome: readonly (0 | 1)[],
): LogisticFit | NotEstimable => {
  requireLogistic(design, outcome);
  const columns = design[0]?.length ?? 0;
  if (columns === 0 || outcome.length <= columns) return notEstimable('too-few-observations');
  if (new Set(outcome).size < 2) return notEstimable('no-variation');
  if (!orthonormalise(design)) return notEstimable('not-identified');
  const scales = Array.from({ length: columns }, (_, j) => Math.max(...design.map((row) => Math.abs(row[j] ?? 0))));
  const x = new Matrix(design.map((row) => row.map((value, j) => value / (scales[j] ?? 1))));
  let beta = Matrix.zeros(columns, 1);
  for (let round = 0, before = Infinity; round < 60; round++) {
    const step = weighted(x, outcome, beta);
    if (!step) return notEstimable('separation');
    beta = step.beta;
    const logOdds = x.mmul(beta).to1DArray();
    const deviance = devianceOf(outcome, logOdds);
    if (logOdds.some((one) => Math.abs(one) > -Math.log(EDGE))) return notEstimable('separation');
    if (Math.abs(before - deviance) < 1e-13 * (deviance + 0.1)) return fitted(x, outcome, beta, scales, deviance);
    before = deviance;
  }
  return notEstimable('did-not-converge');
};

const fitted = (
  x: Matrix,
  outcome: readonly (0 | 1)[],
  beta: Matrix,
  scales: readonly number[],
  deviance: number,
): LogisticFit | NotEstimable => {
  const last = weighted(x, outcome, beta);
  if (!last) return notEstimable('separation');
  const covariance = last.information.inverse();
  return {
    estimable: true,
    method: 'logistic-irls',
    coefficients: beta.to1DArray().map((value, j) => value / (scales[j] ?? 1)),
    standardErrors: covariance.diagonal().map((value, j) => Math.sqrt(value) / (scales[j] ?? 1)),
    probabilities: x.mmul(beta).to1DArray().map(chance),
    deviance,
    df: x.rows - x.columns,
    observations: x.rows,
  };
};
