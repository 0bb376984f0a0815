import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of numbers that its seed decides: the same seed gives the same stream on every machine. */
export type Random = {
  /** From 0 (included) to 1 (excluded). */
  readonly uniform: () => number;
  /** Whole, from 0 to bound - 1, each equally likely. */
  readonly below: (bound: number) => number;
  /** Standard normal. */
  readonly normal: () => number;
  /** A new list in random order (Fisher-Yates), every order equally likely. */
  readonly shuffle: <T>(list: readonly T[]) => T[];
};

/**
 * The only source of randomness of this library: xoroshiro128+ (package pure-rand).
 *
 * @param seed - a whole number from -2^31 to 2^31 - 1; store it with the result
 * @throws RangeError naming the seed or bound that is out of range
 */
export const seededRandom = (seed: number): Random => {
  if (seed !== (seed | 0)) throw new RangeError(`seed must be a whole number of 32 bits, not ${seed}`);
  const generator = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(generator);
  const below = (bound: number): number => {
    if (!(Number.isSafeInteger(bound) && bound > 0))
      throw new RangeError(`bound must be a whole number above 0, not ${bound}`);
    return uniformInt(generator, 0, bound - 1);
  };
  return { uniform, below, normal: normalFrom(uniform), shuffle: (list) => shuffled(list, below) };
};

/** Polar method (Marsaglia and Bray 1964): two at a time. */
const normalFrom = (uniform: () => number): (() => number) => {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const [u, v] = [2 * uniform() - 1, 2 * uniform() - 1];
      const square = u * u + v * v;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = v * factor;
      return u * factor;
    }
  };
};

const shuffled = <T>(list: readonly T[], below: (bound: number) => number): T[] => {
  const order = [...list];
  for (let last = order.length - 1; last > 0; last--) {
    const other = below(last + 1);
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
};
