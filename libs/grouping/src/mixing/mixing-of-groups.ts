import { seededRandom } from '../random.js';
import { exactTails, expectedValues, permutationTails, type Tails } from './chance.js';
import { type AdditiveIndex, indicesOf, type MixingIndexName, valueOf } from './indices.js';
import { type ContactBasis, type SideCounts, sideTable, type SideTable } from './side-counts.js';

/** One figure beside what chance alone would give for these people and these group sizes. */
export type AgainstChance = Tails & {
  readonly observed: number;
  readonly expected: number;
  /** How the probabilities were had; the expectation is exact wherever `expectedExactly` says so. */
  readonly method: 'exact' | 'permutation';
  readonly expectedExactly: boolean;
};

export type MixingOfGroups = {
  readonly estimable: true;
  /** What the groups are; figures of different bases are never compared as if they were one. */
  readonly basis: ContactBasis;
  readonly people: number;
  readonly groups: number;
  readonly totals: SideCounts;
  /** Figures over all sides. */
  readonly indices: Readonly<Record<Exclude<MixingIndexName, 'isolation' | 'etaSquared' | 'interaction'>, AgainstChance>>;
  /** By side: `isolation` and `etaSquared` under its name, `interaction` under `x>y`. */
  readonly bySide: Readonly<Record<'isolation' | 'etaSquared' | 'interaction', Readonly<Record<string, AgainstChance>>>>;
  /** Of the permutations, where any were needed; the same seed gives the same figures. */
  readonly seed: number;
  readonly permutations: number;
};

/** `nobody`: no group holds anyone. `one-side-only`: all are of one side, so nobody could have mixed. */
export type NotMixable = { readonly estimable: false; readonly because: 'nobody' | 'one-side-only'; readonly basis: ContactBasis };

export type MixingRequest = {
  readonly basis: ContactBasis;
  /** People of each side in each group; see `countSides` for groups of people. */
  readonly groups: readonly SideCounts[];
  /** Of permutations; 1 unless said. */
  readonly seed?: number;
  /** For probabilities that cannot be had exactly: 2,000 unless said, at least 99. */
  readonly permutations?: number;
};

/**
 * Whether people of different sides were really together: every index beside its expectation under chance and its tail probabilities.
 * Without that expectation small groups look apart by chance alone.
 * Probabilities are exact for two sides while the distribution is small enough, else by seeded permutation; expectations likewise.
 *
 * @throws RangeError naming the count that is not a whole number of people, or `permutations` below 99
 */
export const mixingOfGroups = ({ basis, groups, seed = 1, permutations = 2_000 }: MixingRequest): MixingOfGroups | NotMixable => {
  if (!Number.isSafeInteger(permutations) || permutations < 99) throw new RangeError(`permutations must be a whole number from 99, not ${permutations}`);
  const table = sideTable(groups);
  if (table.people === 0) return { estimable: false, because: 'nobody', basis };
  if (table.sides.length < 2) return { estimable: false, because: 'one-side-only', basis };
  const indices = indicesOf(table);
  const figures = againstChance(indices, table, seed, permutations);
  const of = (name: MixingIndexName): Readonly<Record<string, AgainstChance>> =>
    Object.fromEntries(indices.flatMap((index, at) => (index.name === name ? [[index.about, figures[at] as AgainstChance]] : [])));
  const whole = (name: MixingIndexName): AgainstChance => of(name)[''] as AgainstChance;
  return {
    estimable: true,
    basis,
    people: table.people,
    groups: table.rows.length,
    totals: Object.fromEntries(table.sides.map((side, at) => [side, table.totals[at] as number])),
    indices: {
      blau: whole('blau'),
      dissimilarity: whole('dissimilarity'),
      theilH: whole('theilH'),
      mutualInformation: whole('mutualInformation'),
      oneSidedGroups: whole('oneSidedGroups'),
      loneMemberGroups: whole('loneMemberGroups'),
      crossSidePairs: whole('crossSidePairs'),
    },
    bySide: { isolation: of('isolation'), etaSquared: of('etaSquared'), interaction: of('interaction') },
    seed,
    permutations,
  };
};

const againstChance = (indices: readonly AdditiveIndex[], table: SideTable, seed: number, permutations: number): readonly AgainstChance[] => {
  const observed = indices.map((index) => valueOf(index, table));
  const expected = expectedValues(indices, table);
  const exact = indices.map((index, at) => exactTails(index, table, observed[at] as number));
  const drawn = expected && exact.every(Boolean) ? undefined : permutationTails(indices, table, observed, { random: seededRandom(seed), permutations });
  return indices.map((_, at) => {
    const tails = exact[at];
    const sample = drawn?.[at];
    const { pApart, pMixed } = (tails ?? sample) as Tails;
    return {
      observed: observed[at] as number,
      expected: expected ? (expected[at] as number) : (sample?.mean as number),
      expectedExactly: expected !== undefined,
      pApart,
      pMixed,
      method: tails ? 'exact' : 'permutation',
    };
  });
};
