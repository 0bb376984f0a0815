import type { Random } from '../random.js';
import type { Problem } from './problem.js';

/** Sizes as even as the limits allow; people who do not fit are left out of the count. */
export const evenSizes = (smallest: ArrayLike<number>, largest: ArrayLike<number>, people: number): number[] => {
  const sizes = Array.from(smallest);
  let left = people - sizes.reduce((sum, size) => sum + size, 0);
  while (left > 0) {
    let emptiest = -1;
    for (let group = 0; group < sizes.length; group += 1) {
      if ((sizes[group] as number) >= (largest[group] as number)) continue;
      if (emptiest < 0 || (sizes[group] as number) < (sizes[emptiest] as number)) emptiest = group;
    }
    if (emptiest < 0) break;
    sizes[emptiest] = (sizes[emptiest] as number) + 1;
    left -= 1;
  }
  return sizes;
};

/** Units by chance into groups of even sizes, large units and those that few groups are open to first; what does not fit goes where it hurts least. */
export const randomStart = ({ units, groups, sizeOf, smallest, largest, rules }: Problem, random: Random): Int32Array => {
  const people = sizeOf.reduce((sum, size) => sum + size, 0);
  const room = evenSizes(smallest, largest, people);
  const barredFrom = (unit: number, group: number): number => (rules.barred ? (rules.barred[unit * groups + group] as number) : 0);
  const barredCount = Int32Array.from({ length: units }, (_, unit) => room.reduce((sum, _room, group) => sum + (barredFrom(unit, group) > 0 ? 1 : 0), 0));
  const order = random.shuffle(Array.from({ length: units }, (_, unit) => unit));
  order.sort((a, b) => (barredCount[b] as number) - (barredCount[a] as number) || (sizeOf[b] as number) - (sizeOf[a] as number));
  const groupOf = new Int32Array(units);
  for (const unit of order) {
    const size = sizeOf[unit] as number;
    let best = 0;
    let bestCost = Infinity;
    for (let group = 0; group < groups; group += 1) {
      const lacking = Math.max(0, size - (room[group] as number));
      const cost = lacking * 1e12 + barredFrom(unit, group) - (room[group] as number) + random.unit();
      if (cost < bestCost) [best, bestCost] = [group, cost];
    }
    groupOf[unit] = best;
    room[best] = (room[best] as number) - size;
  }
  return groupOf;
};
