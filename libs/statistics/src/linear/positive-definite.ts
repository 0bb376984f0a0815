import { Matrix } from 'ml-matrix';

/** A symmetric positive definite matrix, factored once. */
export type PositiveDefinite = {
  readonly logDeterminant: number;
  readonly inverse: () => Matrix;
  /** X with matrix X = right. */
  readonly solve: (right: Matrix) => Matrix;
};

/** Lower triangle L with L L' = matrix, from the matrix's own lower triangle; undefined when a pivot is not above zero. */
const lowerFactor = (matrix: Matrix): Matrix | undefined => {
  const size = matrix.rows;
  const lower = Matrix.zeros(size, size);
  for (let j = 0; j < size; j++) {
    for (let i = j; i < size; i++) {
      let left = matrix.get(i, j);
      for (let k = 0; k < j; k++) left -= lower.get(i, k) * lower.get(j, k);
      if (i === j && !(left > 1e-14 * Math.abs(matrix.get(j, j)))) return undefined;
      lower.set(i, j, i === j ? Math.sqrt(left) : left / lower.get(j, j));
    }
  }
  return lower;
};

const solved = (lower: Matrix, right: Matrix): Matrix => {
  const x = right.clone();
  for (let column = 0; column < x.columns; column++) {
    for (let i = 0; i < x.rows; i++) {
      let left = x.get(i, column);
      for (let k = 0; k < i; k++) left -= lower.get(i, k) * x.get(k, column);
      x.set(i, column, left / lower.get(i, i));
    }
    for (let i = x.rows - 1; i >= 0; i--) {
      let left = x.get(i, column);
      for (let k = i + 1; k < x.rows; k++) left -= lower.get(k, i) * x.get(k, column);
      x.set(i, column, left / lower.get(i, i));
    }
  }
  return x;
};

/**
 * Cholesky factorisation that reads the lower triangle only, so that a matrix which is symmetric but for rounding is fine.
 *
 * @returns undefined when the matrix is not positive definite to rounding
 */
export const positiveDefinite = (matrix: Matrix): PositiveDefinite | undefined => {
  const lower = lowerFactor(matrix);
  if (!lower) return undefined;
  return {
    logDeterminant: lower.diagonal().reduce((sum, one) => sum + 2 * Math.log(one), 0),
    inverse: () => solved(lower, Matrix.eye(lower.rows, lower.rows)),
    solve: (right) => solved(lower, right),
  };
};
