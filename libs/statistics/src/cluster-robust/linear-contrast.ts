import { Matrix } from 'ml-matrix';
import { studentTQuantile, studentTTwoSidedP } from '../distributions/student-t.js';
import { notEstimable, type IntervalEstimate, type NotEstimable } from '../estimate.js';
import { requireFinite, requireLevel, requireSameLength } from '../inputs.js';
import { leastSquares, type LeastSquaresFit } from '../linear/least-squares.js';
import { sizeOf } from '../moments.js';
import { clusterRobustEstimate } from './cr2.js';

/**
 * How the uncertainty of a coefficient is measured.
 * - `classical`: errors independent and equally spread; t with n - k df
 * - `hc1`, `hc3`: independent, unequally spread (MacKinnon and White 1985); t with n - k df
 * - `hc2`: the same, unbiased under equal spread; Satterthwaite df (CR2 with each row a cluster)
 * - `cr1`: rows of a cluster depend on each other; factor G / (G - 1), t with G - 1 df; for display beside CR2
 * - `cr2`: the same, bias-reduced; Satterthwaite df (Bell and McCaffrey 2002)
 */
export type VarianceForm = 'classical' | 'hc1' | 'hc2' | 'hc3' | 'cr1' | 'cr2';

export type LinearContrastInput = {
  /** n rows of k columns, an intercept among them if one is wanted. */
  readonly design: readonly (readonly number[])[];
  /** n values. */
  readonly outcome: readonly number[];
  /** k weights: the linear combination of coefficients that is asked about. */
  readonly contrast: readonly number[];
  readonly variance: VarianceForm;
  /** n labels, for `cr1` and `cr2` alone. */
  readonly clusters?: readonly string[];
  /** Confidence level, 0.95 unless said. */
  readonly level?: number;
};

export type LinearContrast = IntervalEstimate & { readonly variance: VarianceForm };

const NOTHING = 1e-12;

/**
 * A linear combination of ordinary-least-squares coefficients with the wanted form of uncertainty.
 * For every form but `cr2` and `hc2` (see {@link clusterRobustEstimate}), with M = (X'X)^-1 and residuals e:
 *   classical: s^2 c'Mc, s^2 = e'e / (n - k);  hc1: n / (n - k) sum (a_i e_i)^2, a = X M c;
 *   hc3: sum (a_i e_i / (1 - h_i))^2;  cr1: G / (G - 1) sum over clusters of (sum a_i e_i)^2.
 *
 * @throws RangeError that names the input which is malformed
 */
export const linearContrast = (input: LinearContrastInput): LinearContrast | NotEstimable => {
  const { design, outcome, contrast, variance, level = 0.95 } = input;
  const clusters = clustersFor(input);
  if (variance === 'cr2' || variance === 'hc2') {
    const fit = clusterRobustEstimate({ design, outcome, clusters, contrast, level });
    return fit.estimable ? { ...fit, variance } : fit;
  }
  requireShapes(input, level);
  const [n, k] = [outcome.length, contrast.length];
  if (n <= k) return notEstimable('too-few-observations');
  const x = new Matrix(design as number[][]);
  const fit = leastSquares(x, outcome);
  if (!fit) return notEstimable('not-identified');
  const groups = new Set(clusters).size;
  if (variance === 'cr1' && groups < 2) return notEstimable('too-few-clusters');
  const standardError = Math.sqrt(varianceOf(variance, x, fit, contrast, clusters));
  if (!(standardError > NOTHING * sizeOf(outcome))) return notEstimable('no-variation');
  const estimate = fit.coefficients.reduce((sum, value, index) => sum + value * (contrast[index] ?? 0), 0);
  const df = variance === 'cr1' ? groups - 1 : n - k;
  return { ...interval({ estimate, standardError, df, level }), observations: n, clusters: groups, variance };
};

type Centre = {
  readonly estimate: number;
  readonly standardError: number;
  readonly df: number;
  readonly level: number;
};

/** The t interval and two-sided p-value around an estimate. */
export const interval = ({ estimate, standardError, df, level }: Centre) => {
  const halfWidth = studentTQuantile((1 + level) / 2, df) * standardError;
  return {
    estimable: true as const,
    estimate,
    standardError,
    df,
    intervalLow: estimate - halfWidth,
    intervalHigh: estimate + halfWidth,
    pValue: studentTTwoSidedP(estimate / standardError, df),
  };
};

const clustersFor = ({ variance, clusters, outcome }: LinearContrastInput): readonly string[] => {
  if (variance !== 'cr1' && variance !== 'cr2') return outcome.map((_, row) => String(row));
  if (!clusters) throw new RangeError(`clusters must be given for the variance ${variance}`);
  return clusters;
};

const requireShapes = ({ design, outcome, contrast, clusters }: LinearContrastInput, level: number): void => {
  requireLevel(level);
  requireFinite('outcome', outcome);
  requireFinite('contrast', contrast);
  if (contrast.length === 0) throw new RangeError('contrast must have at least one weight');
  requireSameLength('design', design, 'outcome', outcome);
  if (clusters) requireSameLength('clusters', clusters, 'outcome', outcome);
  design.forEach((row, index) => {
    requireSameLength(`design[${index}]`, row, 'contrast', contrast);
    requireFinite(`design[${index}]`, row);
  });
};

const varianceOf = (
  form: 'classical' | 'hc1' | 'hc3' | 'cr1',
  x: Matrix,
  fit: LeastSquaresFit,
  contrast: readonly number[],
  clusters: readonly string[],
): number => {
  const [n, k] = [x.rows, x.columns];
  const z = x.mmul(fit.root);
  const along = fit.root.transpose().mmul(Matrix.columnVector(contrast as number[]));
  const residual = (row: number): number => fit.residuals[row] ?? 0;
  if (form === 'classical') {
    const spread = fit.residuals.reduce((sum, e) => sum + e * e, 0) / (n - k);
    return spread * along.dot(along);
  }
  const reach = z.mmul(along).to1DArray();
  if (form === 'cr1') {
    const sums = new Map<string, number>();
    clusters.forEach((label, row) =>
      sums.set(label, (sums.get(label) ?? 0) + (reach[row] ?? 0) * residual(row)),
    );
    const squares = [...sums.values()].reduce((sum, value) => sum + value * value, 0);
    return (sums.size / (sums.size - 1)) * squares;
  }
  const scores = reach.map((a, row) => {
    const leverage = z.getRow(row).reduce((sum, value) => sum + value * value, 0);
    return (a * residual(row)) / (form === 'hc3' ? 1 - leverage : 1);
  });
  const factor = form === 'hc1' ? n / (n - k) : 1;
  return factor * scores.reduce((sum, value) => sum + value * value, 0);
};
