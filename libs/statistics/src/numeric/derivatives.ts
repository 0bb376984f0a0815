/** A smooth function of several variables. */
export type Scalar = (point: readonly number[]) => number;
/** Several smooth functions of several variables. */
export type Vector = (point: readonly number[]) => readonly number[];

const moved = (point: readonly number[], index: number, by: number): number[] =>
  point.map((value, at) => (at === index ? value + by : value));

/**
 * Derivatives of a vector function by central differences of fourth order: entry [i][j] is the slope of output j along
 * variable i.
 *
 * @param step - distance between points, the same for every variable: the caller scales the variables to be near 1
 */
export const slopesOf = (f: Vector, point: readonly number[], step: number): number[][] =>
  point.map((_, index) => {
    const [up, down] = [f(moved(point, index, step)), f(moved(point, index, -step))];
    const [farUp, farDown] = [f(moved(point, index, 2 * step)), f(moved(point, index, -2 * step))];
    return up.map(
      (value, at) => (8 * (value - (down[at] ?? 0)) - ((farUp[at] ?? 0) - (farDown[at] ?? 0))) / (12 * step),
    );
  });

/** Gradient of a function by central differences of fourth order. */
export const gradientOf = (f: Scalar, point: readonly number[], step: number): number[] =>
  slopesOf((at) => [f(at)], point, step).map(([slope]) => slope ?? 0);

/** Hessian of a function from its exact gradient, made symmetric. */
export const hessianOf = (gradient: Vector, point: readonly number[], step: number): number[][] => {
  const rows = slopesOf(gradient, point, step);
  return rows.map((row, i) => row.map((value, j) => (value + (rows[j]?.[i] ?? value)) / 2));
};
