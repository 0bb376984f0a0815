import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of chance that is the same for the same seed, on every machine. */
export type Random = {
  /** A whole number from 0 to `count` - 1, each equally likely to within 2^-32; `count` from 1 to 2^31. */
  below(count: number): number;
  /** A number from 0 up to, but without, 1, in steps of 2^-32. */
  unit(): number;
  /** Shuffles in place (Durstenfeld) and gives the list back. */
  shuffle<T extends { length: number; [index: number]: unknown }>(list: T): T;
};

export const SEED_AT_MOST = 0xffffffff;

/** A whole number from 0 to 2^32 - 1 can seed; everything else is named and refused by the callers. */
export const isSeed = (seed: number): boolean => Number.isInteger(seed) && seed >= 0 && seed <= SEED_AT_MOST;

/**
 * xoroshiro128+ (Blackman and Vigna 2018) by way of pure-rand.
 *
 * @throws RangeError unless the seed is a whole number from 0 to 2^32 - 1
 */
export const seededRandom = (seed: number): Random => {
  if (!isSeed(seed)) throw new RangeError(`seed must be a whole number from 0 to ${SEED_AT_MOST}, not ${seed}`);
  const generator = xoroshiro128plus(mixed(seed) | 0);
  // The first draws repeat the bits of the seed: neighbouring seeds would begin alike.
  for (let draw = 0; draw < 8; draw += 1) generator.next();
  const unit = (): number => (generator.next() >>> 0) / 0x100000000;
  const below = (count: number): number => Math.floor(unit() * count);
  return {
    below,
    unit,
    shuffle: (list) => {
      for (let last = list.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        const kept = list[last];
        list[last] = list[other];
        list[other] = kept;
      }
      return list;
    },
  };
};

/** A seed for one part of a whole (an activity of a series, a permutation), far from its neighbours'. */
export const seedOfPart = (seed: number, part: number): number => mixed((seed ^ Math.imul(part + 1, 0x9e3779b1)) >>> 0);

/** The 32-bit finaliser of MurmurHash3 (Appleby): a bijection in which each bit of the input changes half of the output. */
const mixed = (bits: number): number => {
  let state = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
};
