import type { MixingParts, MixingRow, SideMonthRow } from './mixing.repository.js';
import type { MixingFigures, PortfolioMixing, SideRoles } from './mixing.types.js';
import type { ReachRow } from './portfolio.repository.js';

export type { MixingParts };

type People = readonly { readonly side: string; readonly people: number }[];

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Pairs of people of different sides: (N^2 - sum n^2) / 2. */
const possiblePairs = (people: People): number => {
  const counts = people.map((one) => one.people);
  return (total(counts) ** 2 - total(counts.map((count) => count ** 2))) / 2;
};

const rolesOf = (rows: readonly SideMonthRow[], people: People): SideRoles[] => {
  const [leads, roles, everyone] = [total(rows.map((row) => row.leads)), total(rows.map((row) => row.roles)), total(people.map((one) => one.people))];
  if (roles === 0) return [];
  return people.map(({ side, people: count }) => {
    const row = rows.find((one) => one.side === side);
    return { side, leadShare: share(row?.leads ?? 0, leads), roleShare: share(row?.roles ?? 0, roles), peopleShare: share(count, everyone) };
  });
};

/** Shares of few people tell of each of them: nothing is told unless every side that is there has `threshold` people. */
const figuresOf = (row: MixingRow, sides: readonly SideMonthRow[], people: People, threshold: number): MixingFigures => {
  const counts = { activities: row.activities, groups: row.groups };
  const withheld = people.some((one) => one.people > 0 && one.people < threshold);
  if (withheld) return { ...counts, mixingIndex: null, oneSidedShare: null, oneSidedByChance: null, loneMemberShare: null, loneMemberByChance: null, coverage: null, roles: [], withheld };
  return {
    ...counts,
    mixingIndex: share(row.cross_pairs, row.expected_pairs),
    oneSidedShare: share(row.one_sided, row.groups),
    oneSidedByChance: share(row.expected_one_sided, row.groups),
    loneMemberShare: share(row.lone, row.groups),
    loneMemberByChance: share(row.expected_lone, row.groups),
    coverage: share(row.pairs_met, possiblePairs(people)),
    roles: rolesOf(sides, people),
    withheld,
  };
};

/** Mixing of one intervention, over its whole time and by month; small numbers of people withheld. */
export const mixingOf = (figures: readonly MixingRow[], sides: readonly SideMonthRow[], reach: readonly ReachRow[], threshold: number): PortfolioMixing => {
  const enrolled: People = reach.map(({ side, enrolled: people }) => ({ side, people }));
  const reached: People = reach.map(({ side, reached: people }) => ({ side, people }));
  const of = (month: string): readonly SideMonthRow[] => sides.filter((row) => row.month === month);
  const whole = figures.find(({ month, activities }) => month === '' && activities > 0);
  // Who was reached is a smaller number than who is enrolled, and the figures are about it.
  const tooFew = reached.some(({ people }) => people > 0 && people < threshold);
  return {
    whole: whole ? figuresOf(whole, of(''), tooFew ? reached : enrolled, threshold) : null,
    months: figures.filter(({ month, activities }) => month !== '' && activities > 0).map((row) => ({ month: row.month, figures: figuresOf(row, of(row.month), of(row.month), threshold) })),
  };
};
