import { Matrix, QrDecomposition } from 'ml-matrix';

/** Columns whose part orthogonal to the others is this small, relative to their length, count as dependent. */
const DEPENDENT = 1e-10;

export type LeastSquaresFit = {
  /** k coefficients. */
  readonly coefficients: readonly number[];
  /** n residuals. */
  readonly residuals: readonly number[];
  /** k x k matrix L with L L' = (X'X)^-1: the inverse of R in X = QR. */
  readonly root: Matrix;
};

/**
 * Ordinary least squares through the QR decomposition, not the normal equations, which lose half the digits.
 *
 * @param design - n rows of k columns, n >= k, already checked to be finite
 * @param outcome - n values
 * @returns undefined when the columns are linearly dependent
 */
export const leastSquares = (design: Matrix, outcome: readonly number[]): LeastSquaresFit | undefined => {
  const qr = new QrDecomposition(design);
  const upper = qr.upperTriangularMatrix;
  const k = design.columns;
  for (let column = 0; column < k; column++) {
    const length = Math.hypot(...Array.from({ length: k }, (_, row) => upper.get(row, column)));
    if (!(Math.abs(upper.get(column, column)) > DEPENDENT * length)) return undefined;
  }
  const coefficients = qr.solve(Matrix.columnVector(outcome as number[]));
  const fitted = design.mmul(coefficients);
  return {
    coefficients: coefficients.to1DArray(),
    residuals: outcome.map((value, row) => value - fitted.get(row, 0)),
    root: invertUpperTriangular(upper),
  };
};

const invertUpperTriangular = (upper: Matrix): Matrix => {
  const k = upper.columns;
  const inverse = Matrix.zeros(k, k);
  for (let column = 0; column < k; column++) {
    for (let row = column; row >= 0; row--) {
      let rest = row === column ? 1 : 0;
      for (let inner = row + 1; inner <= column; inner++)
        rest -= upper.get(row, inner) * inverse.get(inner, column);
      inverse.set(row, column, rest / upper.get(row, row));
    }
  }
  return inverse;
};
