import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '@common-ground/grouping';
import { readResults, tableOf } from '../harness/table.js';
import { printed, resultOf, type GroupingRow } from './row.js';
import { schedules } from './schedules.js';
import { randomGroups, swapDescent, valueOf } from './swap-descent.js';
import { typical } from './typical.js';

const row: GroupingRow = { instance: 'RanInt_n012_ds_01', n: 12, groups: 4, seconds: 0.25, value: 1059, reference: 1059, share: 1, random: 700, localSearch: null };

describe('plain local search', () => {
  const count = 14;
  const random = seededRandom(3);
  const of = new Float64Array(count * count);
  for (let one = 0; one < count; one += 1) for (let other = 0; other < one; other += 1) of[one * count + other] = of[other * count + one] = random.below(100);
  const gains = { count, of };
  const limits = [{ min: 3, max: 4 }, { min: 3, max: 5 }, { min: 5, max: 7 }];

  it('starts from groups that hold as many as they may', () => {
    for (let seed = 1; seed <= 50; seed += 1) {
      const groupOf = randomGroups(count, limits, seededRandom(seed));
      limits.forEach(({ min, max }, group) => {
        const size = groupOf.filter((each) => each === group).length;
        expect(size >= min && size <= max).toBe(true);
      });
      expect(groupOf).toHaveLength(count);
    }
  });

  it('ends where no swap is better, and above where it began', () => {
    const start = randomGroups(count, limits, seededRandom(1));
    const end = swapDescent(gains, start.slice(), limits.length);
    expect(valueOf(gains, end)).toBeGreaterThan(valueOf(gains, start));
    expect([...end].sort()).toEqual([...start].sort());
    for (let one = 0; one < count; one += 1) {
      for (let other = 0; other < one; other += 1) {
        const swapped = end.slice();
        [swapped[one], swapped[other]] = [end[other]!, end[one]!];
        expect(valueOf(gains, swapped)).toBeLessThanOrEqual(valueOf(gains, end) + 1e-9);
      }
    }
  });
});

describe('a row of grouping', () => {
  it('is a line of the table of all benchmarks, too', () => {
    const result = resultOf({ row, title: 'MDGPLIB', unit: 'distance', budgetMs: 250, atLeast: 0.99 });
    expect(result).toMatchObject({ ...row, ours: 1059, anchors: { reference: 1059, random: 700 }, ratios: { reference: 1 } });
    expect(tableOf(readResults('grouping.json', JSON.stringify([result])))).toContain('| grouping-RanInt-n012-ds-01-250-ms | MDGPLIB | distance | 1,059 | reference 1,059<br>random 700 | reference 1 | reference ≥ 0.99 | met |');
  });

  it('is printed with what is not known left open', () => {
    expect(printed([row]).split('\n')[1]).toBe('RanInt_n012_ds_01  12       4     0.25  1059.00    1059.00  100.00 %  700.00             -');
  });
});

describe('the benchmark of grouping', () => {
  it('gives answers that hold against their own groups, and beat groups by chance', async () => {
    const measured = [...(await schedules(true, () => undefined)), ...(await typical(true, () => undefined))];
    expect(measured.map(({ row: { instance } }) => instance)).toEqual(expect.arrayContaining(['golfers 24x4x6', 'season 24x4x10', 'regroup 24']));
    for (const { row: each } of measured) expect(each.value).toBeGreaterThan(each.random ?? Infinity);
  });
});
