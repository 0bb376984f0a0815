import { gradientOf, type Scalar } from './derivatives.js';

export type SmoothMinimum = {
  readonly point: readonly number[];
  readonly value: number;
  /** False when the steps ran out first: the caller must say so. */
  readonly converged: boolean;
};

export type SmoothOptions = {
  /** Exact gradient; left out, it is taken by central differences. */
  readonly gradient?: (point: readonly number[]) => number[];
  /** Stop when every entry of the gradient is below this times max(1, |f|). */
  readonly tolerance?: number;
  readonly maxSteps?: number;
};

const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
const identity = (size: number): number[][] =>
  Array.from({ length: size }, (_, i) => Array.from({ length: size }, (__, j) => Number(i === j)));

/** Backtracking until the Armijo condition holds; a function that is not finite there counts as too high. */
const lineSearch = (f: Scalar, point: readonly number[], value: number, direction: number[], slope: number) => {
  for (let step = 1; step > 1e-14; step /= 2) {
    const next = point.map((x, i) => x + step * (direction[i] ?? 0));
    const height = f(next);
    if (height <= value + 1e-4 * step * slope) return { next, height };
  }
  return undefined;
};

/** The BFGS update of the inverse Hessian (Nocedal & Wright 2006, eq. 6.17). */
const updated = (inverse: number[][], s: number[], y: number[]): number[][] => {
  const sy = dot(s, y);
  if (!(sy > 1e-14 * Math.sqrt(dot(s, s) * dot(y, y)))) return inverse;
  const hy = inverse.map((row) => dot(row, y));
  const factor = 1 + dot(y, hy) / sy;
  return inverse.map((row, i) =>
    row.map((value, j) => {
      const [si, sj, hi, hj] = [s[i] ?? 0, s[j] ?? 0, hy[i] ?? 0, hy[j] ?? 0];
      return value + (factor * si * sj - hi * sj - si * hj) / sy;
    }),
  );
};

/**
 * Minimum of a smooth function of a few variables by BFGS from a start (Nocedal & Wright 2006, ch. 6).
 * Deterministic. The variables should be scaled to be near 1.
 *
 * @param f - may return Infinity where it is not defined, but must be finite at the start
 */
export const minimiseSmooth = (f: Scalar, start: readonly number[], options: SmoothOptions = {}): SmoothMinimum => {
  const { tolerance = 1e-9, maxSteps = 500 } = options;
  const gradient = options.gradient ?? ((at: readonly number[]) => gradientOf(f, at, 1e-4));
  let point: readonly number[] = start;
  let value = f(point);
  let slopes = gradient(point);
  let inverse = identity(start.length);
  for (let step = 0; step < maxSteps; step++) {
    if (slopes.every((one) => Math.abs(one) < tolerance * Math.max(1, Math.abs(value))))
      return { point, value, converged: true };
    const direction = inverse.map((row) => -dot(row, slopes));
    const found = lineSearch(f, point, value, direction, dot(direction, slopes));
    if (!found) {
      if (step > 0 && slopes.every((one) => Math.abs(one) < 1e-5 * Math.max(1, Math.abs(value))))
        return { point, value, converged: true };
      const steepest = slopes.map((one) => -one);
      const again = lineSearch(f, point, value, steepest, -dot(slopes, slopes));
      if (!again) return { point, value, converged: false };
      inverse = identity(start.length);
      [point, value, slopes] = [again.next, again.height, gradient(again.next)];
      continue;
    }
    const before = slopes;
    slopes = gradient(found.next);
    const moved = found.next.map((x, i) => x - (point[i] ?? 0));
    inverse = updated(inverse, moved, slopes.map((one, i) => one - (before[i] ?? 0)));
    [point, value] = [found.next, found.height];
  }
  return { point, value, converged: false };
};
