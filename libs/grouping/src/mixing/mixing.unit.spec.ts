import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { seededRandom } from '../random.js';
import { diversity } from './diversity.js';
import { exactTails, expectedValues, permutationTails } from './chance.js';
import { indicesOf, valueOf } from './indices.js';
import { type MixingOfGroups, mixingOfGroups } from './mixing-of-groups.js';
import { countSides, type SideCounts, sideTable } from './side-counts.js';

const tables = (x: readonly number[], y: readonly number[]): SideCounts[] => x.map((count, group) => ({ host: count, migrant: y[group] ?? 0 }));
const attended = (groups: readonly SideCounts[], more: object = {}): MixingOfGroups => {
  const result = mixingOfGroups({ basis: 'attended', groups, ...more });
  if (!result.estimable) throw new Error(result.because);
  return result;
};
const groupsOfTwoSides = fc.array(fc.record({ host: fc.integer({ min: 0, max: 4 }), migrant: fc.integer({ min: 0, max: 4 }) }), { minLength: 1, maxLength: 5 }).filter((groups) => ['host', 'migrant'].every((side) => groups.some((group) => group[side as 'host'] > 0)));

describe('diversity of one group', () => {
  it('gives the known figures for 6, 3 and 1 people', () => {
    const { blau, blauUnbiased, entropy, evenness, qualitativeVariation } = diversity([6, 3, 1]);
    expect(blau).toBeCloseTo(0.54, 12);
    expect(blauUnbiased).toBeCloseTo(0.6, 12);
    expect(entropy).toBeCloseTo(0.897945725, 9);
    expect(evenness).toBeCloseTo(0.817345422, 9);
    expect(qualitativeVariation).toBeCloseTo(0.54 / (2 / 3), 12);
  });

  it('leaves out what a single person or a single side cannot tell', () => {
    expect(diversity([1])).toEqual({ blau: 0, entropy: -0 });
    expect(diversity([2, 0])).toEqual({ blau: 0, blauUnbiased: 0, qualitativeVariation: 0, entropy: -0 });
  });

  it('names a count that is no number of people', () => {
    expect(() => diversity([2, 1.5])).toThrow('counts[1] must be a whole number of people, not 1.5');
    expect(() => diversity([0, 0])).toThrow('at least one person');
  });
});

describe('mixing of groups', () => {
  it('gives the known figures of two tables that dissimilarity alone cannot tell apart', () => {
    const one = attended(tables([100, 60, 40, 0], [0, 40, 60, 100]));
    expect(one.indices.dissimilarity.observed).toBeCloseTo(0.6, 12);
    expect(one.indices.theilH.observed).toBeCloseTo(0.514524703, 8);
    expect(one.indices.mutualInformation.observed).toBeCloseTo(0.356641347, 8);
    expect(one.bySide.interaction['host>migrant']?.observed).toBeCloseTo(0.24, 12);
    expect(one.bySide.etaSquared['host']?.observed).toBeCloseTo(0.52, 12);
    const other = attended(tables([80, 80, 20, 20], [20, 20, 80, 80]));
    expect(other.indices.dissimilarity.observed).toBeCloseTo(0.6, 12);
    expect(other.indices.theilH.observed).toBeCloseTo(0.278071905, 8);
  });

  it('knows what chance alone gives for six groups of four, twelve of each side', () => {
    const { indices } = attended(tables([2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2]));
    expect(indices.dissimilarity.expected).toBeCloseTo(0.341614907, 8);
    expect(indices.blau.expected).toBeCloseTo(0.391304348, 8);
    expect(indices.theilH.expected).toBeCloseTo(0.186942547, 8);
    expect(indices.oneSidedGroups.expected).toBeCloseTo(0.0931677019, 9);
    expect(indices.loneMemberGroups.expected).toBeCloseTo(0.49689441, 8);
    expect(indices.dissimilarity).toMatchObject({ observed: 0, method: 'exact', expectedExactly: true, pApart: expect.closeTo(1, 9) });
    expect(indices.dissimilarity.pMixed).toBeLessThan(0.05);
  });

  it('finds tables that keep apart less likely than one in a thousand, and says so exactly', () => {
    const { indices } = attended(tables([4, 4, 4, 0, 0, 0], [0, 0, 0, 4, 4, 4]));
    // Of the 24!/(12! 12!) ways to deal two sides, choose(6, 3) give three tables to each.
    expect(indices.dissimilarity.pApart).toBeCloseTo(20 / 2_704_156, 12);
    expect(indices.oneSidedGroups).toMatchObject({ observed: expect.closeTo(1, 9), method: 'exact' });
    expect(indices.crossSidePairs.observed).toBe(0);
  });

  it('agrees with permutations where it is exact', () => {
    fc.assert(
      fc.property(groupsOfTwoSides, fc.integer({ min: 0, max: 1_000 }), (groups, seed) => {
        const table = sideTable(groups);
        const indices = indicesOf(table);
        const observed = indices.map((index) => valueOf(index, table));
        const expected = expectedValues(indices, table) as readonly number[];
        const sampled = permutationTails(indices, table, observed, { random: seededRandom(seed), permutations: 2_000 });
        indices.forEach((index, at) => {
          const exact = exactTails(index, table, observed[at] as number);
          // Six standard errors of a share of 2,000 draws.
          expect(Math.abs((exact?.pApart as number) - (sampled[at]?.pApart as number))).toBeLessThan(0.07);
          expect(Math.abs((exact?.pMixed as number) - (sampled[at]?.pMixed as number))).toBeLessThan(0.07);
          const scale = Math.max(1, Math.abs(expected[at] as number));
          expect(Math.abs((expected[at] as number) - (sampled[at]?.mean as number)) / scale).toBeLessThan(0.1);
        });
      }),
      { numRuns: 12, seed: 20261125 },
    );
  });

  it('does not depend on the order of groups, nor on what sides are called', () => {
    fc.assert(
      fc.property(groupsOfTwoSides, (groups) => {
        const { indices } = attended(groups);
        const turned = attended([...groups].reverse().map(({ host, migrant }) => ({ a: migrant, b: host }))).indices;
        for (const [name, { observed, expected, pApart }] of Object.entries(indices)) {
          const other = turned[name as keyof typeof turned];
          expect(other.observed).toBeCloseTo(observed, 9);
          expect(other.expected).toBeCloseTo(expected, 9);
          expect(other.pApart).toBeCloseTo(pApart, 9);
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('never yields a figure that is no number, and no probability outside 0 to 1', () => {
    fc.assert(
      fc.property(groupsOfTwoSides, (groups) => {
        const { indices, bySide } = attended(groups);
        for (const figure of [...Object.values(indices), ...Object.values(bySide).flatMap((one) => Object.values(one))]) {
          for (const value of [figure.observed, figure.expected]) expect(Number.isFinite(value)).toBe(true);
          for (const p of [figure.pApart, figure.pMixed]) expect(p > 0 && p <= 1).toBe(true);
        }
      }),
      { numRuns: 200, seed: 2 },
    );
  });

  it('takes three sides, with probabilities by permutation that are the same for the same seed', () => {
    const groups = [{ host: 2, migrant: 1, returnee: 1 }, { host: 1, migrant: 2, returnee: 1 }, { host: 1, migrant: 1, returnee: 2 }];
    const result = attended(groups, { seed: 7, permutations: 199 });
    expect(result.indices.blau).toMatchObject({ method: 'permutation', expectedExactly: true });
    expect(attended(groups, { seed: 7, permutations: 199 })).toEqual(result);
    expect(Object.keys(result.bySide.interaction)).toHaveLength(6);
  });

  it('falls back to permutations for hundreds of groups, and stays close to what is exact', () => {
    const groups = Array.from({ length: 200 }, (_, at) => ({ host: at % 3 === 0 ? 6 : 4, migrant: at % 3 === 0 ? 3 : 5 }));
    const { indices } = attended(groups, { permutations: 199 });
    expect(indices.theilH.method).toBe('permutation');
    expect(indices.theilH.expectedExactly).toBe(true);
  });

  it('says why nothing can be told: nobody there, or one side only', () => {
    expect(mixingOfGroups({ basis: 'planned', groups: [] })).toEqual({ estimable: false, because: 'nobody', basis: 'planned' });
    expect(mixingOfGroups({ basis: 'attended', groups: [{ host: 4, migrant: 0 }] })).toEqual({ estimable: false, because: 'one-side-only', basis: 'attended' });
  });

  it('names what is wrong with its input', () => {
    expect(() => mixingOfGroups({ basis: 'attended', groups: [{ host: 1 }, { host: -1 }] })).toThrow('groups[1].host must be a whole number of people, not -1');
    expect(() => mixingOfGroups({ basis: 'attended', groups: [], permutations: 10 })).toThrow('permutations must be a whole number from 99, not 10');
    expect(() => countSides([['a'], ['a']], new Map([['a', 'host']]))).toThrow('a is in two groups');
    expect(() => countSides([['b']], new Map())).toThrow('b is in a group but has no side');
  });
});
