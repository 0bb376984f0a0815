import { Matrix, solve } from 'ml-matrix';

/** x with A x = b for a small symmetric A of full rank. */
export const solveSymmetric = (matrix: readonly (readonly number[])[], right: readonly number[]): number[] =>
  solve(new Matrix(matrix as number[][]), Matrix.columnVector(right as number[])).to1DArray();
