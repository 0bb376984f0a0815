import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { encountersOver, type Encounters, type Gathering } from './encounters.js';
import { type MixingOfTies, mixingOfTies, tiesOfSeating } from './mixing-of-ties.js';
import { assortativity, colemanHomophily, eiIndex, freemanSegregation, withinOddsRatio } from './tie-indices.js';

const people = (hosts: number, migrants: number) => [...Array.from({ length: hosts }, (_, at) => ({ id: `h${at}`, side: 'host' })), ...Array.from({ length: migrants }, (_, at) => ({ id: `m${at}`, side: 'migrant' }))];

describe('mixing of ties', () => {
  it('gives the known figures of a mixing matrix printed in the literature', () => {
    // Newman 2003, table I: partnerships by ethnic group.
    const matrix = [[506, 32, 69, 26], [23, 308, 114, 38], [26, 46, 599, 68], [10, 14, 47, 32]];
    expect(assortativity(matrix)).toBeCloseTo(0.62144588, 7);
    expect(eiIndex(matrix)).toBeCloseTo(-0.47599591, 7);
  });

  it('tells exact homophily from the one that Coleman printed in 1958', () => {
    expect(colemanHomophily([[45, 15], [20, 20]], [60, 40])).toEqual([expect.closeTo(0.38125, 9), expect.closeTo(0.175, 9)]);
    expect(colemanHomophily([[45, 15], [20, 20]], [60, 40], 'all')).toEqual([expect.closeTo(0.375, 9), expect.closeTo(1 / 6, 9)]);
    // Fewer within than by chance: a share of the fewest there could be.
    expect(colemanHomophily([[0, 10], [10, 0]], [5, 5])).toEqual([-1, -1]);
  });

  it('gives Freeman and the odds ratio by hand: 13 of 20 pairs within tied, 9 of 25 across', () => {
    const dyads = { withinTies: 13, crossTies: 9, withinPairs: 20, crossPairs: 25 };
    expect(freemanSegregation(dyads)).toBeCloseTo(0.26363636, 8);
    expect(withinOddsRatio(dyads)).toBeCloseTo((13 / 7) / (9 / 16), 12);
  });

  it('stays undefined where nothing can be told', () => {
    expect(eiIndex([[0, 0], [0, 0]])).toBeUndefined();
    expect(assortativity([[3, 0], [0, 0]])).toBeUndefined();
    expect(freemanSegregation({ withinTies: 0, crossTies: 0, withinPairs: 2, crossPairs: 1 })).toBeUndefined();
    expect(withinOddsRatio({ withinTies: 1, crossTies: 0, withinPairs: 2, crossPairs: 1 })).toBeUndefined();
    expect(mixingOfTies({ basis: 'reported', people: people(2, 2), ties: [], directed: true })).toEqual({ estimable: false, because: 'no-ties', basis: 'reported' });
    expect(mixingOfTies({ basis: 'reported', people: people(2, 0), ties: [{ from: 'h0', to: 'h1' }], directed: true })).toMatchObject({ because: 'one-side-only' });
  });

  it('sees two circles of friends as far apart as chance hardly ever brings them', () => {
    const ties = ['h', 'm'].flatMap((side) => [0, 1, 2, 3, 4].flatMap((one) => [0, 1, 2, 3, 4].filter((other) => other > one).map((other) => ({ from: `${side}${one}`, to: `${side}${other}` }))));
    const result = mixingOfTies({ basis: 'reported', people: people(5, 5), ties, directed: false, permutations: 999 }) as MixingOfTies;
    expect(result.ei).toMatchObject({ observed: -1, least: -1 });
    expect(result.ei.expected).toBeGreaterThan(-0.3);
    // 2 of the 252 ways to deal sides keep the circles whole.
    expect(result.ei.pApart).toBeLessThan(0.03);
    expect(result.ei.pMixed).toBe(1);
    expect(result.withinOddsRatio).toBeUndefined();
  });

  it('counts an undirected tie once however often it is told, and how many directed ones are returned', () => {
    const ties = [{ from: 'h0', to: 'm0' }, { from: 'm0', to: 'h0' }, { from: 'h1', to: 'm1' }];
    const told = { basis: 'reported' as const, people: people(2, 2), permutations: 99 };
    expect(mixingOfTies({ ...told, ties, directed: false })).toMatchObject({ ties: 2 });
    expect(mixingOfTies({ ...told, ties, directed: true })).toMatchObject({ ties: 3, reciprocity: 2 / 3 });
  });

  it('names a tie to nobody, to oneself, and a person given twice', () => {
    const request = { basis: 'reported' as const, directed: true, ties: [{ from: 'h0', to: 'x' }], people: people(1, 1) };
    expect(() => mixingOfTies(request)).toThrow('ties[0]: x is not among people');
    expect(() => mixingOfTies({ ...request, ties: [{ from: 'h0', to: 'h0' }] })).toThrow('ties[0]: h0 cannot be tied to themselves');
    expect(() => mixingOfTies({ ...request, ties: [], people: [...people(1, 1), { id: 'h0', side: 'host' }] })).toThrow('people[2]: h0 is given twice');
  });

  it('takes neighbours at round tables as ties, and two people at a table as one', () => {
    expect(tiesOfSeating([['a', 'b', 'c'], ['d', 'e'], ['f'], []])).toEqual([{ from: 'a', to: 'b' }, { from: 'b', to: 'c' }, { from: 'c', to: 'a' }, { from: 'd', to: 'e' }]);
  });
});

describe('encounters over a series', () => {
  const over = (gatherings: readonly Gathering[], more: object = {}): Encounters => encountersOver({ basis: 'attended', people: people(2, 2), gatherings, permutations: 0, ...more }) as Encounters;

  it('counts new pairs, repeats and minutes by hand', () => {
    const result = over([
      { id: 'first', groups: [['h0', 'm0'], ['h1', 'm1']], durationMinutes: 90 },
      { id: 'second', groups: [['h0', 'm0'], ['h1']], durationMinutes: 30 },
      { id: 'third', groups: [['h0', 'h1', 'm1']] },
    ]);
    expect(result).toMatchObject({ possiblePairs: 4, distinctPairs: 3, coverage: 0.75, meetings: 5, repeatRate: 0.4, minutes: 210, shareWithNone: 0 });
    expect(result.overTime).toEqual([
      { id: 'first', newPairs: 2, distinctPairs: 2, coverage: 0.5 },
      { id: 'second', newPairs: 0, distinctPairs: 2, coverage: 0.5 },
      { id: 'third', newPairs: 1, distinctPairs: 3, coverage: 0.75 },
    ]);
    // Met 2, 1, 1, 2: mean absolute difference 0.5 over twice the mean.
    expect(result.giniOfNewEncounters).toBeCloseTo(1 / 6, 12);
  });

  it('puts coverage beside that of random groups, the same for the same seed', () => {
    const apart: Gathering[] = [1, 2, 3].map((week) => ({ id: `week ${week}`, groups: [['h0', 'h1'], ['m0', 'm1']] }));
    const { coverage, chance } = over(apart, { permutations: 199, seed: 5 });
    expect(coverage).toBe(0);
    // A random split of four into twos keeps sides apart one time in three.
    expect(chance?.coverage).toBeGreaterThan(0.5);
    expect(chance?.pLess).toBeLessThan(0.1);
    expect(chance?.pMore).toBe(1);
    expect(over(apart, { permutations: 199, seed: 5 }).chance).toEqual(chance);
  });

  it('covers every pair when all sit together, and never goes back over time', () => {
    fc.assert(
      fc.property(fc.array(fc.shuffledSubarray(['h0', 'h1', 'm0', 'm1']), { maxLength: 6 }), (days) => {
        const { overTime, coverage } = over(days.map((present, at) => ({ id: String(at), groups: [present.slice(0, 2), present.slice(2)] })));
        overTime.forEach(({ distinctPairs }, at) => expect(distinctPairs).toBeGreaterThanOrEqual(overTime[at - 1]?.distinctPairs ?? 0));
        expect(coverage).toBeLessThanOrEqual(1);
      }),
      { seed: 3 },
    );
    expect(over([{ id: 'all', groups: [['h0', 'h1', 'm0', 'm1']] }]).coverage).toBe(1);
  });

  it('says why nothing can be told, and names who is wrong', () => {
    expect(encountersOver({ basis: 'planned', people: [], gatherings: [] })).toMatchObject({ because: 'nobody' });
    expect(encountersOver({ basis: 'planned', people: people(3, 0), gatherings: [] })).toMatchObject({ because: 'one-side-only' });
    expect(() => over([{ id: 'a', groups: [['h0'], ['h0']] }])).toThrow('gatherings[0] (a): h0 is in two groups');
    expect(() => over([{ id: 'a', groups: [['x']] }])).toThrow('gatherings[0] (a): x is not among people');
    expect(() => over([], { permutations: 5 })).toThrow('permutations must be 0 or a whole number from 19, not 5');
  });
});
