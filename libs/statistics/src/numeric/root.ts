export type RootOptions = {
  /** Absolute tolerance on the argument beside relative machine precision; 1e-13 unless said. */
  readonly tolerance?: number;
  /** Domain within which the bracket may grow; all numbers unless said. */
  readonly least?: number;
  readonly most?: number;
};

const GROWTH = 1.6;
const MOST_STEPS = 200;

/**
 * A root of a continuous function by Brent's method (Brent 1973, Algorithms for Minimization without Derivatives, ch. 4).
 * When the function has one sign at both ends the bracket grows geometrically, within [least, most].
 *
 * @throws RangeError when no change of sign is found, or a value is NaN
 */
export const findRoot = (
  f: (x: number) => number,
  low: number,
  high: number,
  options: RootOptions = {},
): number => {
  const bracket = bracketRoot(f, low, high, options);
  if (!bracket) throw new RangeError(`no root of the function was found around [${low}, ${high}]`);
  return brent(f, bracket, options.tolerance ?? 1e-13);
};

type Bracket = { readonly a: number; readonly fa: number; readonly b: number; readonly fb: number };

/** The two ends with opposite signs, or undefined when the function never changes sign within the domain. */
const bracketRoot = (
  f: (x: number) => number,
  low: number,
  high: number,
  { least = -Infinity, most = Infinity }: RootOptions,
): Bracket | undefined => {
  if (!(low < high)) throw new RangeError(`low must be below high, not ${low} and ${high}`);
  let [a, b] = [Math.max(low, least), Math.min(high, most)];
  let [fa, fb] = [f(a), f(b)];
  for (let step = 0; step < MOST_STEPS; step++) {
    if (Number.isNaN(fa) || Number.isNaN(fb)) throw new RangeError('the function gave NaN');
    if (fa === 0 || fb === 0 || fa > 0 !== fb > 0) return { a, fa, b, fb };
    if (a === least && b === most) return undefined;
    const width = (b - a) * GROWTH;
    if ((Math.abs(fa) < Math.abs(fb) && a > least) || b === most) fa = f((a = Math.max(least, a - width)));
    else fb = f((b = Math.min(most, b + width)));
  }
  return undefined;
};

const brent = (f: (x: number) => number, bracket: Bracket, tolerance: number): number => {
  let { a, fa, b, fb } = bracket;
  let [c, fc] = [a, fa];
  let step = b - a;
  let previous = step;
  for (let count = 0; count < MOST_STEPS && fb !== 0; count++) {
    if (fb > 0 === fc > 0) {
      [c, fc] = [a, fa];
      step = previous = b - a;
    }
    if (Math.abs(fc) < Math.abs(fb)) {
      [a, b, c] = [b, c, b];
      [fa, fb, fc] = [fb, fc, fb];
    }
    const near = 2 * Number.EPSILON * Math.abs(b) + tolerance / 2;
    const half = (c - b) / 2;
    if (Math.abs(half) <= near) return b;
    const tried = Math.abs(previous) >= near && Math.abs(fa) > Math.abs(fb);
    const jump = tried ? interpolation({ a, fa, b, fb, c, fc }, half) : undefined;
    if (jump !== undefined && 2 * Math.abs(jump) < Math.min(3 * Math.abs(half) - near, Math.abs(previous)))
      [previous, step] = [step, jump];
    else previous = step = half;
    [a, fa] = [b, fb];
    b += Math.abs(step) > near ? step : Math.sign(half) * near;
    fb = f(b);
  }
  return b;
};

/** Secant through two points or inverse quadratic through three; undefined when it points out of the bracket. */
const interpolation = (
  { a, fa, b, fb, c, fc }: Bracket & { readonly c: number; readonly fc: number },
  half: number,
): number | undefined => {
  const s = fb / fa;
  let [p, q] = [2 * half * s, 1 - s];
  if (a !== c) {
    const [u, r] = [fa / fc, fb / fc];
    p = s * (2 * half * u * (u - r) - (b - a) * (r - 1));
    q = (u - 1) * (r - 1) * (s - 1);
  }
  const jump = -p / q;
  return Number.isFinite(jump) && jump > 0 === half > 0 ? jump : undefined;
};
