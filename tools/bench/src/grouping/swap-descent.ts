import type { Random } from '@common-ground/grouping';

/** What groups are judged by here: a gain for each pair in one group, symmetric, a row of `count` for each element. */
export type Gains = { readonly count: number; readonly of: Float64Array };

export type Limits = readonly { readonly min: number; readonly max: number }[];

/** Groups by chance: the fewest first, the others wherever there is room. */
export const randomGroups = (count: number, limits: Limits, random: Random): Int32Array => {
  const slots = limits.flatMap(({ min }, group) => new Array<number>(min).fill(group));
  const room = random.shuffle(limits.flatMap(({ min, max }, group) => new Array<number>(max - min).fill(group)));
  return Int32Array.from(random.shuffle([...slots, ...room.slice(0, count - slots.length)]));
};

export const valueOf = ({ count, of }: Gains, groupOf: ArrayLike<number>): number => {
  let value = 0;
  for (let one = 0; one < count; one += 1) {
    for (let other = one + 1; other < count; other += 1) if (groupOf[one] === groupOf[other]) value += of[one * count + other] as number;
  }
  return value;
};

/** Below this a gain is rounding. */
const SMALLEST = 1e-9;

/** Plain local search: swaps two elements of different groups as soon as that is better, until no swap is. Changes `groupOf` in place. */
export const swapDescent = (gains: Gains, groupOf: Int32Array, groups: number): Int32Array => {
  const { count, of } = gains;
  const toGroup = new Float64Array(count * groups);
  for (let one = 0; one < count; one += 1) {
    for (let other = 0; other < count; other += 1) add(toGroup, one * groups + (groupOf[other] as number), of[one * count + other] as number);
  }
  for (let better = true; better; ) {
    better = false;
    for (let one = 0; one < count; one += 1) {
      for (let other = one + 1; other < count; other += 1) {
        const [a, b] = [groupOf[one] as number, groupOf[other] as number];
        if (a === b || gainOfSwap({ toGroup, groups, one, other, a, b }) - 2 * (of[one * count + other] as number) <= SMALLEST) continue;
        better = true;
        groupOf[one] = b;
        groupOf[other] = a;
        for (let any = 0; any < count; any += 1) {
          const change = (of[any * count + other] as number) - (of[any * count + one] as number);
          add(toGroup, any * groups + a, change);
          add(toGroup, any * groups + b, -change);
        }
      }
    }
  }
  return groupOf;
};

type Swap = { readonly toGroup: Float64Array; readonly groups: number; readonly one: number; readonly other: number; readonly a: number; readonly b: number };

const gainOfSwap = ({ toGroup, groups, one, other, a, b }: Swap): number => {
  const at = (element: number, group: number): number => toGroup[element * groups + group] as number;
  return at(one, b) - at(one, a) + at(other, a) - at(other, b);
};

const add = (to: Float64Array, at: number, value: number): void => {
  to[at] = (to[at] as number) + value;
};
