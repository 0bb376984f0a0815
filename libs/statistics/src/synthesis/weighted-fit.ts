/** k studies: estimates, their sampling variances, and the columns of a design (the intercept among them), row by row. */
export type Studies = {
  readonly k: number;
  readonly estimates: Float64Array;
  readonly variances: Float64Array;
  /** k rows of `columns` numbers. */
  readonly design: Float64Array;
  readonly columns: number;
};

export type WeightedFit = {
  readonly coefficients: Float64Array;
  /** p x p, row by row: (X'WX)^-1. */
  readonly inverse: Float64Array;
  readonly residuals: Float64Array;
  /** Leverage of each study, the diagonal of X (X'WX)^-1 X'W. */
  readonly leverages: Float64Array;
  /** y'Py with P = W - W X (X'WX)^-1 X'W: the weighted sum of squared residuals. */
  readonly q: number;
  /** y'PPy. */
  readonly qq: number;
  readonly traceP: number;
  readonly tracePP: number;
  readonly sumOfWeights: number;
  readonly sumOfSquaredWeights: number;
  /** Half the log determinant of X'WX is what REML takes off. */
  readonly logDeterminant: number;
};

/** A column whose part that the earlier ones leave is this small, relative to its length, depends on them. */
const DEPENDENT = 1e-9;

/**
 * Weighted least squares with k weights, by Gram-Schmidt done twice on sqrt(W) X, which keeps the digits that the normal
 * equations lose. Time and memory are linear in k: the k x k matrix P is never built.
 *
 * @returns undefined when the columns are linearly dependent
 */
export const weightedFit = (studies: Studies, weights: Float64Array): WeightedFit | undefined => {
  const { k, columns: p, estimates } = studies;
  const basis = orthogonalise(studies, weights);
  if (!basis) return undefined;
  const { q: orthonormal, inverseUpper } = basis;
  const along = new Float64Array(p);
  for (let i = 0; i < k; i++) {
    const y = Math.sqrt(weights[i] as number) * (estimates[i] as number);
    for (let j = 0; j < p; j++) along[j] = (along[j] as number) + (orthonormal[i * p + j] as number) * y;
  }
  const coefficients = new Float64Array(p);
  const inverse = new Float64Array(p * p);
  for (let a = 0; a < p; a++) {
    for (let j = a; j < p; j++) coefficients[a] = (coefficients[a] as number) + (inverseUpper[a * p + j] as number) * (along[j] as number);
    for (let b = 0; b < p; b++) {
      let sum = 0;
      for (let j = Math.max(a, b); j < p; j++) sum += (inverseUpper[a * p + j] as number) * (inverseUpper[b * p + j] as number);
      inverse[a * p + b] = sum;
    }
  }
  let logDeterminant = 0;
  for (let j = 0; j < p; j++) logDeterminant -= 2 * Math.log(Math.abs(inverseUpper[j * p + j] as number));
  return { coefficients, inverse, logDeterminant, ...sums(studies, weights, orthonormal, coefficients) };
};

type Sums = Omit<WeightedFit, 'coefficients' | 'inverse' | 'logDeterminant'>;

const sums = ({ k, columns: p, estimates, design }: Studies, weights: Float64Array, orthonormal: Float64Array, b: Float64Array): Sums => {
  const residuals = new Float64Array(k);
  const leverages = new Float64Array(k);
  const gram = new Float64Array(p * p);
  let [q, qq, sumOfWeights, sumOfSquaredWeights, byLeverage, bySquare] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < k; i++) {
    const w = weights[i] as number;
    let fitted = 0;
    let leverage = 0;
    for (let a = 0; a < p; a++) {
      fitted += (design[i * p + a] as number) * (b[a] as number);
      const left = orthonormal[i * p + a] as number;
      leverage += left * left;
      for (let c = 0; c < p; c++) gram[a * p + c] = (gram[a * p + c] as number) + w * left * (orthonormal[i * p + c] as number);
    }
    const e = (estimates[i] as number) - fitted;
    residuals[i] = e;
    leverages[i] = leverage;
    q += w * e * e;
    qq += w * w * e * e;
    sumOfWeights += w;
    sumOfSquaredWeights += w * w;
    byLeverage += w * leverage;
    bySquare += w * w * leverage;
  }
  let gramSquares = 0;
  for (const value of gram) gramSquares += value * value;
  return { residuals, leverages, q, qq, sumOfWeights, sumOfSquaredWeights, traceP: sumOfWeights - byLeverage, tracePP: sumOfSquaredWeights - 2 * bySquare + gramSquares };
};

/** Q with orthonormal columns and R^-1, both row by row, of sqrt(W) X = Q R. */
const orthogonalise = ({ k, columns: p, design }: Studies, weights: Float64Array): { q: Float64Array; inverseUpper: Float64Array } | undefined => {
  const q = new Float64Array(k * p);
  const upper = new Float64Array(p * p);
  for (let i = 0; i < k; i++) {
    const root = Math.sqrt(weights[i] as number);
    for (let j = 0; j < p; j++) q[i * p + j] = root * (design[i * p + j] as number);
  }
  const columnDot = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < k; i++) sum += (q[i * p + a] as number) * (q[i * p + b] as number);
    return sum;
  };
  for (let j = 0; j < p; j++) {
    const before = Math.sqrt(columnDot(j, j));
    for (let pass = 0; pass < 2; pass++) {
      for (let a = 0; a < j; a++) {
        const share = columnDot(a, j);
        upper[a * p + j] = (upper[a * p + j] as number) + share;
        for (let i = 0; i < k; i++) q[i * p + j] = (q[i * p + j] as number) - share * (q[i * p + a] as number);
      }
    }
    const length = Math.sqrt(columnDot(j, j));
    if (!(length > DEPENDENT * before)) return undefined;
    upper[j * p + j] = length;
    for (let i = 0; i < k; i++) q[i * p + j] = (q[i * p + j] as number) / length;
  }
  return { q, inverseUpper: invertUpper(upper, p) };
};

const invertUpper = (upper: Float64Array, p: number): Float64Array => {
  const inverse = new Float64Array(p * p);
  for (let column = 0; column < p; column++) {
    for (let row = column; row >= 0; row--) {
      let rest = row === column ? 1 : 0;
      for (let inner = row + 1; inner <= column; inner++)
        rest -= (upper[row * p + inner] as number) * (inverse[inner * p + column] as number);
      inverse[row * p + column] = rest / (upper[row * p + row] as number);
    }
  }
  return inverse;
};
