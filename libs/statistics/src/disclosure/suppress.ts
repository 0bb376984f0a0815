import { rangesOf, type AuditOptions, type Known } from './audit.js';
import { requireTable, requireThreshold, type CountTable, type KnownSum } from './table.js';

export type SuppressionOptions = AuditOptions & {
  /** What must stay told because it was told before, one flag an entry. */
  readonly toldBefore?: readonly boolean[];
  /** What it costs to withhold an entry; its number of people unless said. The cheapest that helps is withheld. */
  readonly cost?: (entry: number) => number;
};

export type Suppression = {
  readonly method: 'primary and complementary suppression';
  readonly threshold: number;
  /** One flag an entry. */
  readonly withheld: readonly boolean[];
  /** Small themselves. */
  readonly primary: readonly number[];
  /** Withheld because they would give another away. */
  readonly complementary: readonly number[];
  /** Small, and solvable from what was told before: nothing that is withheld now can help. Empty where nothing was told before. */
  readonly lost: readonly number[];
};

/** Whether a count is one that could give people away. */
export const isSmallCount = (count: number, threshold: number): boolean => count > 0 && count < threshold;

/**
 * What to withhold of a table so that no withheld count can be worked out to within the threshold: every one is left at least
 * threshold + 1 possible values, by all the sums that hold (see {@link auditTable}).
 *
 * Small counts are withheld first; then a partner for every one that is alone in a sum; then, as long as one is solvable, one
 * more entry, the cheapest of its sums. A price holds what the entry will need in turn. Counts of nobody stay told when `zerosTold`.
 * It always ends safe: with everything but zeros withheld, all that is known is which counts are zero.
 *
 * Source: Cox (1980), JASA 75; Willenborg and de Waal (2001), Elements of Statistical Disclosure Control, ch. 4.
 * @throws RangeError naming the argument that is wrong
 */
export const suppressTable = (table: CountTable, options: SuppressionOptions): Suppression => {
  requireTable(table);
  requireThreshold(options.threshold);
  const { threshold, zerosTold = true, toldBefore = [], cost = (entry) => table.values[entry] as number } = options;
  const withheld = table.values.map((value, entry) => !toldBefore[entry] && isSecret(value, threshold, zerosTold));
  const primary = indexes(withheld);
  const never = neverWithheld(table, withheld, (entry) => !!toldBefore[entry] || (zerosTold && table.values[entry] === 0));
  const search: Search = { table, withheld, mayGo: (entry) => !withheld[entry] && !never.has(entry), cost };
  const lost = new Set<number>();
  for (;;) {
    const lonely = lonelyEntry(search, lost);
    if (lonely !== undefined) {
      const next = cheapest(search, lonely.members);
      if (next === undefined) lost.add(lonely.entry);
      else withheld[next] = true;
      continue;
    }
    const solvable = rangesOf(table, withheld, options).filter((known) => known.solvable && !lost.has(known.entry));
    const worst = solvable.reduce<Known | undefined>((one, other) => (!one || width(other) < width(one) ? other : one), undefined);
    if (!worst) break;
    const next = partnerOf(search, worst.entry);
    if (next === undefined) lost.add(worst.entry);
    else withheld[next] = true;
  }
  const small = new Set(primary);
  return { method: 'primary and complementary suppression', threshold, withheld, primary, complementary: indexes(withheld).filter((entry) => !small.has(entry)), lost: [...lost] };
};

const isSecret = (value: number, threshold: number, zerosTold: boolean): boolean => isSmallCount(value, threshold) || (!zerosTold && value === 0);

const indexes = (flags: readonly boolean[]): number[] => flags.flatMap((is, index) => (is ? [index] : []));

const width = ({ low, high }: Known): number => high - low;

type Search = {
  readonly table: CountTable;
  readonly withheld: readonly boolean[];
  readonly mayGo: (entry: number) => boolean;
  readonly cost: (entry: number) => number;
};

const membersOf = ({ total, parts }: KnownSum): readonly number[] => [total, ...parts];

/**
 * Withholding these helps nobody: they stay told, or stand in a sum all of whose other entries stay told, so that the sum gives
 * them back.
 */
const neverWithheld = ({ sums }: CountTable, withheld: readonly boolean[], staysTold: (entry: number) => boolean): ReadonlySet<number> => {
  const never = new Set(withheld.flatMap((is, entry) => (!is && staysTold(entry) ? [entry] : [])));
  for (let before = -1; never.size > before; ) {
    before = never.size;
    for (const members of sums.map(membersOf)) {
      const open = members.filter((entry) => !never.has(entry));
      if (open.length === 1 && !withheld[open[0] as number]) never.add(open[0] as number);
    }
  }
  return never;
};

/** A withheld entry that a sum gives back, because it is the only one there. No linear program is needed to see it. */
const lonelyEntry = ({ table, withheld }: Search, lost: ReadonlySet<number>): { readonly entry: number; readonly members: readonly number[] } | undefined => {
  for (const members of table.sums.map(membersOf)) {
    const [entry, ...others] = members.filter((member) => withheld[member]);
    if (entry !== undefined && others.length === 0 && !lost.has(entry)) return { entry, members };
  }
  return undefined;
};

/** What to withhold next for the sake of a solvable entry: in any of its sums, else further away. */
const partnerOf = (search: Search, entry: number): number | undefined =>
  cheapest(search, search.table.sums.map(membersOf).filter((members) => members.includes(entry)).flat()) ?? cheapest(search, around(search, entry));

/** All that stand in a sum with anything withheld that hangs together with this entry. */
const around = ({ table, withheld }: Search, from: number): number[] => {
  const seen = new Set([from]);
  const sums = table.sums.map(membersOf);
  for (let before = 0; seen.size > before; ) {
    before = seen.size;
    for (const members of sums) if (members.some((member) => seen.has(member) && (member === from || withheld[member]))) members.forEach((member) => seen.add(member));
  }
  return [...seen];
};

/** By its own cost and that of the partners it will need itself, in sums where it would stand alone. */
const cheapest = (search: Search, entries: readonly number[]): number | undefined => {
  const { table, withheld, mayGo, cost } = search;
  const sums = table.sums.map(membersOf);
  const followUp = (entry: number): number =>
    sums.reduce((sum, members) => {
      if (!members.includes(entry) || members.some((member) => withheld[member])) return sum;
      return sum + Math.min(...members.filter((member) => member !== entry && mayGo(member)).map(cost));
    }, 0);
  const open = [...new Set(entries)].filter(mayGo).map((entry) => ({ entry, price: cost(entry) + followUp(entry) }));
  return open.reduce<(typeof open)[number] | undefined>((best, one) => (!best || one.price < best.price ? one : best), undefined)?.entry;
};
