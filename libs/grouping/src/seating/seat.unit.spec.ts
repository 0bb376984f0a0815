import { describe, expect, it } from '@jest/globals';
import type { Met, Person } from '../forming/request.js';
import { seat, type SeatedTable } from './seat.js';

const eight: Person[] = Array.from({ length: 8 }, (_, index) => ({ id: `p${index}`, side: index < 4 ? 'host' : 'migrant' }));
const table = { id: 'round', people: eight.map(({ id }) => id) };

const besides = ({ seats }: SeatedTable): string[] => seats.map((one, at) => [one, seats[(at + 1) % seats.length]!].sort().join('-'));

describe('seating a round table', () => {
  it('seats both sides in turn', () => {
    const [seated] = seat({ people: eight, tables: [table], seed: 1 });
    expect(seated).toMatchObject({ neighbours: 8, across: 8, again: 0 });
    expect([...seated!.seats].sort()).toEqual(table.people);
  });

  it('gives new neighbours from week to week as long as there are any', () => {
    const satBeside: Met[] = [];
    const seen = new Set<string>();
    for (let week = 0; week < 2; week += 1) {
      const [seated] = seat({ people: eight, tables: [table], satBeside, seed: week });
      expect(seated).toMatchObject({ across: 8, again: 0 });
      for (const pair of besides(seated!)) {
        seen.add(pair);
        const [one, other] = pair.split('-') as [string, string];
        satBeside.push({ one, other, times: 1 });
      }
    }
    expect(seen.size).toBe(16); // 4 x 4 pairs across sides, all of them after two weeks
  });

  it('seats people beside somebody whom they can talk to', () => {
    const speaking = eight.map((person, index) => ({ ...person, languages: index % 4 < 2 ? ['es'] : ['ar'] }));
    const bilingual = speaking.map((person) => (['p0', 'p6'].includes(person.id) ? { ...person, languages: ['es', 'ar'] } : person));
    expect(seat({ people: bilingual, tables: [table], seed: 1 })[0]).toMatchObject({ withoutLanguage: 0 });
  });

  it('keeps people from sitting side by side where asked', () => {
    const notBeside: [string, string][] = [['p0', 'p4'], ['p0', 'p5'], ['p0', 'p6']];
    const [seated] = seat({ people: eight, tables: [table], notBeside, seed: 1 });
    expect(besides(seated!).filter((pair) => ['p0-p4', 'p0-p5', 'p0-p6'].includes(pair))).toEqual([]);
  });

  it('is the same for the same seed', () => {
    expect(seat({ people: eight, tables: [table], seed: 9 })).toEqual(seat({ people: eight, tables: [table], seed: 9 }));
  });

  it('seats one, two and three people', () => {
    const tables = [1, 2, 3].map((size) => ({ id: String(size), people: table.people.slice(0, size) }));
    expect(seat({ people: eight, tables, seed: 1 }).map(({ neighbours }) => neighbours)).toEqual([0, 1, 3]);
  });
});
