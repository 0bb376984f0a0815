import { Matrix } from 'ml-matrix';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite } from '../inputs.js';

/** Answers of people to items: one row a person, undefined where an item was left out. */
export type Answers = readonly (readonly (number | undefined)[])[];

export type ItemCovariance = {
  readonly estimable: true;
  /** k x k, divisor n - 1. */
  readonly covariance: Matrix;
  readonly means: readonly number[];
  /** People who answered every item: the others are left out. */
  readonly complete: number;
  readonly incomplete: number;
};

/**
 * Covariance of the items among people who answered all of them.
 *
 * @returns not estimable with fewer than three complete people (`too-few-observations`) or an item that never varies (`zero-variance`)
 */
export const itemCovariance = (answers: Answers): ItemCovariance | NotEstimable => {
  const width = answers[0]?.length ?? 0;
  answers.forEach((row, person) => {
    if (row.length !== width) throw new RangeError(`answers[${person}] has ${row.length} entries, answers[0] ${width}`);
  });
  const rows = answers.filter((row): row is readonly number[] => row.every((answer) => answer !== undefined));
  rows.forEach((row, person) => requireFinite(`answers[${person}]`, row));
  if (rows.length < 3 || width === 0) return notEstimable('too-few-observations');
  const means = Array.from({ length: width }, (_, j) => rows.reduce((sum, row) => sum + (row[j] ?? 0), 0) / rows.length);
  const centred = new Matrix(rows.map((row) => row.map((value, j) => value - (means[j] ?? 0))));
  const covariance = centred.transpose().mmul(centred).div(rows.length - 1);
  const flat = covariance.diagonal().some((variance, j) => !(variance > 1e-24 * Math.max(1, (means[j] ?? 0) ** 2)));
  if (flat) return notEstimable('zero-variance');
  return { estimable: true, covariance, means, complete: rows.length, incomplete: answers.length - rows.length };
};

/** Correlations of a covariance matrix. */
export const correlationOf = (covariance: Matrix): Matrix => {
  const sd = covariance.diagonal().map(Math.sqrt);
  return Matrix.div(covariance, Matrix.columnVector(sd).mmul(Matrix.rowVector(sd)));
};

/** @throws RangeError unless `covariance` is square, symmetric and has a positive diagonal */
export const requireCovariance = (covariance: readonly (readonly number[])[]): Matrix => {
  covariance.forEach((row, i) => {
    requireFinite(`covariance[${i}]`, row);
    if (row.length !== covariance.length) throw new RangeError('covariance must be square');
    row.forEach((value, j) => {
      const mirrored = covariance[j]?.[i] ?? 0;
      if (Math.abs(value - mirrored) > 1e-9 * Math.max(1, Math.abs(value)))
        throw new RangeError(`covariance must be symmetric, but [${i}][${j}] is ${value} and [${j}][${i}] ${mirrored}`);
    });
    if (!((row[i] ?? 0) > 0)) throw new RangeError(`covariance[${i}][${i}] must be above 0`);
  });
  return new Matrix(covariance.map((row) => [...row]));
};
