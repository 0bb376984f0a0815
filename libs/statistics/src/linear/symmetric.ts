import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';

export type SymmetricEigen = {
  /** k eigenvalues, smallest first. */
  readonly values: readonly number[];
  /** k x k, one eigenvector a column, orthonormal, in the order of the values. */
  readonly vectors: Matrix;
};

/** Eigenvalues and vectors of a symmetric k x k matrix; only symmetry is assumed, not checked. */
export const symmetricEigen = (matrix: Matrix): SymmetricEigen => {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  return { values: realEigenvalues, vectors: eigenvectorMatrix };
};

/**
 * A^(-1/2), symmetric, of a symmetric positive semidefinite k x k matrix. Directions whose eigenvalue is at most
 * `zero` are dropped (Moore-Penrose), as cluster-robust variances need where a cluster fixes a coefficient alone.
 */
export const symmetricInverseSquareRoot = (matrix: Matrix, zero = 1e-9): Matrix => {
  const { values, vectors } = symmetricEigen(matrix);
  return vectors
    .mmul(Matrix.diag(values.map((value) => (value > zero ? 1 / Math.sqrt(value) : 0))))
    .mmul(vectors.transpose());
};

/**
 * Lower triangular L with L L' = matrix, or undefined when the matrix is not positive definite.
 */
export const cholesky = (matrix: Matrix): Matrix | undefined => {
  const decomposition = new CholeskyDecomposition(matrix);
  return decomposition.isPositiveDefinite() ? decomposition.lowerTriangularMatrix : undefined;
};

/** X with matrix X = right for a symmetric positive definite matrix; undefined when it is not. */
export const solvePositiveDefinite = (matrix: Matrix, right: Matrix): Matrix | undefined => {
  const decomposition = new CholeskyDecomposition(matrix);
  return decomposition.isPositiveDefinite() ? decomposition.solve(right) : undefined;
};
