/** A minimum that was reached; `converged` is false when the steps ran out first. */
export type Minimum<Argument> = {
  readonly at: Argument;
  readonly value: number;
  readonly converged: boolean;
};

const GOLDEN = (3 - Math.sqrt(5)) / 2;

/**
 * Minimum of a function of one argument on [low, high]: golden section with parabolic steps (Brent 1973, ch. 5).
 * Exact for functions with one dip; others give a local minimum.
 *
 * @param tolerance - absolute, on the argument; below the square root of machine precision it gains nothing
 */
export const minimise = (
  f: (x: number) => number,
  low: number,
  high: number,
  tolerance = 1e-9,
): Minimum<number> => {
  if (!(low < high)) throw new RangeError(`low must be below high, not ${low} and ${high}`);
  let [a, b] = [low, high];
  let x = a + GOLDEN * (b - a);
  let fx = f(x);
  let [w, fw, v, fv] = [x, fx, x, fx];
  let [step, previous] = [0, 0];
  for (let count = 0; count < 500; count++) {
    const middle = (a + b) / 2;
    const near = Math.sqrt(Number.EPSILON) * Math.abs(x) * 1e-3 + tolerance / 3;
    if (Math.abs(x - middle) <= 2 * near - (b - a) / 2) return { at: x, value: fx, converged: true };
    const jump = parabola(x, fx, w, fw, v, fv);
    const inside = x + jump > a + 2 * near && x + jump < b - 2 * near;
    if (Math.abs(previous) > near && inside && Math.abs(jump) < Math.abs(previous) / 2)
      [previous, step] = [step, jump];
    else {
      previous = x < middle ? b - x : a - x;
      step = GOLDEN * previous;
    }
    const u = x + (Math.abs(step) >= near ? step : Math.sign(step) * near);
    const fu = f(u);
    if (fu <= fx) {
      if (u < x) b = x;
      else a = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
      continue;
    }
    if (u < x) a = u;
    else b = u;
    if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
    else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
  }
  return { at: x, value: fx, converged: false };
};

/** Step from x to the vertex of the parabola through three points; NaN where they lie on a line. */
const parabola = (x: number, fx: number, w: number, fw: number, v: number, fv: number): number => {
  const r = (x - w) * (fx - fv);
  const q = (x - v) * (fx - fw);
  return -((x - v) * q - (x - w) * r) / (2 * (q - r));
};

export type SimplexOptions = {
  /** First step along each axis; 0.5 unless said. */
  readonly step?: number;
  /** Stops when values and corners lie this close; 1e-12 unless said. */
  readonly tolerance?: number;
  readonly mostSteps?: number;
};

type Corner = { readonly at: readonly number[]; readonly value: number };

/**
 * Minimum of a function of a few arguments without derivatives (Nelder and Mead 1965, Computer Journal 7), started
 * again from where it stopped until a new start gains nothing, since a simplex can collapse early.
 * Values that are not finite count as worse than any.
 */
export const minimiseSimplex = (
  f: (x: readonly number[]) => number,
  start: readonly number[],
  options: SimplexOptions = {},
): Minimum<readonly number[]> => {
  const { step = 0.5, tolerance = 1e-12, mostSteps = 2000 * start.length } = options;
  let best = descend(f, start, step, tolerance, mostSteps);
  for (let again = 0; again < 5; again++) {
    const next = descend(f, best.at, step / 5, tolerance, mostSteps);
    const gained = best.value - next.value;
    if (next.value <= best.value) best = next;
    if (!(gained > tolerance * (1 + Math.abs(best.value)))) break;
  }
  return best;
};

const descend = (
  f: (x: readonly number[]) => number,
  start: readonly number[],
  step: number,
  tolerance: number,
  mostSteps: number,
): Minimum<readonly number[]> => {
  const corner = (at: readonly number[]): Corner => {
    const value = f(at);
    return { at, value: Number.isFinite(value) ? value : Infinity };
  };
  const corners = [
    corner(start),
    ...start.map((_, axis) => corner(start.map((x, i) => x + (i === axis ? step : 0)))),
  ];
  for (let count = 0; count < mostSteps; count++) {
    corners.sort((one, other) => one.value - other.value);
    const [best, worst] = [corners[0] as Corner, corners.at(-1) as Corner];
    if (settled(corners, tolerance)) return { ...best, converged: true };
    const rest = corners.slice(0, -1);
    const middle = best.at.map((_, i) => rest.reduce((sum, { at }) => sum + (at[i] ?? 0), 0) / rest.length);
    const along = (factor: number): Corner =>
      corner(middle.map((m, i) => m + factor * ((worst.at[i] ?? 0) - m)));
    const moved = reflect(along, best, rest.at(-1) as Corner, worst);
    if (moved) corners[corners.length - 1] = moved;
    else
      corners.forEach(({ at }, index) => {
        if (index > 0) corners[index] = corner(at.map((x, i) => ((best.at[i] ?? 0) + x) / 2));
      });
  }
  corners.sort((one, other) => one.value - other.value);
  return { ...(corners[0] as Corner), converged: false };
};

/** The new corner in place of the worst, or undefined when the simplex must shrink. */
const reflect = (
  along: (factor: number) => Corner,
  best: Corner,
  second: Corner,
  worst: Corner,
): Corner | undefined => {
  const mirrored = along(-1);
  if (mirrored.value < best.value) {
    const further = along(-2);
    return further.value < mirrored.value ? further : mirrored;
  }
  if (mirrored.value < second.value) return mirrored;
  const closer = along(mirrored.value < worst.value ? -0.5 : 0.5);
  return closer.value < Math.min(mirrored.value, worst.value) ? closer : undefined;
};

const settled = (corners: readonly Corner[], tolerance: number): boolean => {
  const [best, worst] = [corners[0] as Corner, corners.at(-1) as Corner];
  const size = Math.max(
    ...corners.map(({ at }) => Math.max(...at.map((x, i) => Math.abs(x - (best.at[i] ?? 0))))),
  );
  return (
    worst.value - best.value <= tolerance * (1 + Math.abs(best.value)) && size <= Math.sqrt(tolerance)
  );
};
