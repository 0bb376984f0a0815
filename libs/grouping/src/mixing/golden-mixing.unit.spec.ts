import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { diversity } from './diversity.js';
import { type MixingOfGroups, mixingOfGroups } from './mixing-of-groups.js';
import { type MixingOfTies, mixingOfTies } from './mixing-of-ties.js';
import { assortativity, colemanHomophily, eiIndex } from './tie-indices.js';

const folder = join(import.meta.dirname, '../../../../../shared/data');
const there = existsSync(join(folder, 'golden.csv'));
type Row = Readonly<Record<string, string>>;
const read = (file: string): Row[] => (there ? (parse(readFileSync(join(folder, file), 'utf8'), { columns: true }) as Row[]) : []);

const two = (x: readonly number[], y: readonly number[]): MixingOfGroups => mixingOfGroups({ basis: 'attended', groups: x.map((a, at) => ({ a, b: y[at] as number })), permutations: 99 }) as MixingOfGroups;
const whiteTies = (): MixingOfTies =>
  mixingOfTies({
    basis: 'reported',
    people: read('mix_white_kinship_nodes.csv').map((row) => ({ id: row['name'] as string, side: row['gender'] as string })),
    ties: read('mix_white_kinship_edges.csv').map((row) => ({ from: row['from'] as string, to: row['to'] as string })),
    directed: false,
  }) as MixingOfTies;
const catania = (): number[][] => read('mix_catania_newman2003.csv').map((row) => ['black', 'hispanic', 'white', 'other'].map((name) => Number(row[name])));
const coleman1958 = [[45, 15], [20, 20]];
const steep = () => two([100, 60, 40, 0], [0, 40, 60, 100]);
const six = () => two([2, 2, 2, 2, 2, 2], [2, 2, 2, 2, 2, 2]).indices;

/** How each reference value of this area is had from the library. */
const computed: Readonly<Record<string, () => number | undefined>> = {
  'Catania E-I': () => eiIndex(catania()),
  'Catania assortativity (Newman .621)': () => assortativity(catania()),
  'White E-I': () => whiteTies().ei.observed,
  'White Freeman (.26)': () => whiteTies().freeman.observed,
  'White assortativity': () => whiteTies().assortativity.observed,
  'White Coleman F': () => whiteTies().coleman['female'],
  'White Coleman M': () => whiteTies().coleman['male'],
  'Coleman1958 exact boys': () => colemanHomophily(coleman1958, [60, 40])[0],
  'Coleman1958 exact girls': () => colemanHomophily(coleman1958, [60, 40])[1],
  'Coleman1958 as printed boys': () => colemanHomophily(coleman1958, [60, 40], 'all')[0],
  'Coleman1958 as printed girls': () => colemanHomophily(coleman1958, [60, 40], 'all')[1],
  'Blau 6,3,1': () => diversity([6, 3, 1]).blau,
  'Blau unbiased': () => diversity([6, 3, 1]).blauUnbiased,
  Shannon: () => diversity([6, 3, 1]).entropy,
  Pielou: () => diversity([6, 3, 1]).evenness,
  'D (100 60 40 0 | 0 40 60 100)': () => steep().indices.dissimilarity.observed,
  'H same': () => steep().indices.theilH.observed,
  'M nats same': () => steep().indices.mutualInformation.observed,
  'xPy same': () => steep().bySide.interaction['a>b']?.observed,
  'eta2 same': () => steep().bySide.etaSquared['a']?.observed,
  'D (80 80 20 20 | 20 20 80 80)': () => two([80, 80, 20, 20], [20, 20, 80, 80]).indices.dissimilarity.observed,
  'H same2': () => two([80, 80, 20, 20], [20, 20, 80, 80]).indices.theilH.observed,
  'random expectation D, 6 groups of 4, 12/12': () => six().dissimilarity.expected,
  'random expectation Blau': () => six().blau.expected,
  'random expectation H': () => six().theilH.expected,
  'random P(single-origin group)': () => six().oneSidedGroups.expected,
  'random P(lone member)': () => six().loneMemberGroups.expected,
};

/** Counted as skipped only where the reference data are not beside the project. */
const reference = there ? describe : describe.skip;

reference('reference values of mixing', () => {
  const rows = read('golden.csv').filter(({ area }) => area === '3 mixing');

  it.each(rows.length > 0 ? rows.map((row) => [row['quantity'] as string, Number(row['expected']), Number(row['tolerance'])] as const) : [['none', 0, 0] as const])('%s is %d', (quantity, expected, tolerance) => {
    const value = computed[quantity]?.();
    expect(Math.abs((value as number) - expected)).toBeLessThanOrEqual(tolerance);
  });

  it('computes every reference value of the area, and no other', () => {
    expect(Object.keys(computed).sort()).toEqual(rows.map(({ quantity }) => quantity).sort());
  });
});
