import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { loadBare } from './bare-context.fixture.js';
import * as here from './index.js';

const built = join(import.meta.dirname, '../dist/index.js');
const people = Array.from({ length: 24 }, (_, place) => ({ id: `p${place}`, side: place % 2 === 0 ? 'host' : 'migrant', languages: ['es'] }));
const groups = Array.from({ length: 6 }, (_, group) => ({ id: `g${group}`, min: 3, max: 5 }));
const activities = Array.from({ length: 4 }, (_, week) => ({ id: `w${week}`, groups }));
const supporters = people.slice(0, 8).map(({ id }) => ({ id, languages: ['es'], availability: ['mon'] }));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the library as built, where there is no Node', () => {
  it('forms, regroups, plans a series and pairs as it does in Node', async () => {
    const bare = await loadBare<typeof here>(built);
    const all = async ({ formGroups, formSeries, regroup, pairPeople }: typeof here): Promise<unknown> => {
      const formed = await formGroups({ people, groups }, { seed: 3, steps: 20_000 });
      if (formed.outcome !== 'formed') throw new Error(formed.message.sentence);
      return {
        formed,
        again: regroup({ people: people.slice(3), groups, current: formed.groups }, { seed: 3 }),
        series: await formSeries({ people, activities }, { seed: 3, steps: 20_000 }),
        pairs: pairPeople({ supporters, supported: people.slice(8, 16).map(({ id }) => ({ id, languages: ['es'], availability: ['mon'] })) }),
      };
    };
    expect(plain(await all(bare))).toEqual(plain(await all(here)));
  });

  it('would be found out if it asked for Node', async () => {
    await expect(loadBare(join(import.meta.dirname, '../../persistence/dist/once.js'))).rejects.toThrow('node:crypto, which no browser has');
  });
});
