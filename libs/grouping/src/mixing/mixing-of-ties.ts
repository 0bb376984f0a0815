import { seededRandom } from '../random.js';
import type { ContactBasis } from './side-counts.js';
import { assortativity, colemanHomophily, type Dyads, eiIndex, freemanSegregation, type MixingMatrix, withinOddsRatio } from './tie-indices.js';

export type Person = { readonly id: string; readonly side: string };
export type Tie = { readonly from: string; readonly to: string };

export type TiesRequest = {
  /** `reported` for what people told; `planned` or `attended` for neighbours at a table (see `tiesOfSeating`). */
  readonly basis: ContactBasis;
  readonly people: readonly Person[];
  readonly ties: readonly Tie[];
  /** Whether `from` named `to` without being named in turn; otherwise a tie told by either or both counts once. */
  readonly directed: boolean;
  /** Of permutations; 1 unless said. */
  readonly seed?: number;
  /** 2,000 unless said, at least 99. */
  readonly permutations?: number;
};

/** A figure beside its mean and range over permutations of sides among the people, ties standing still. */
export type TieFigure = {
  readonly observed: number;
  readonly expected: number;
  readonly least: number;
  readonly most: number;
  readonly pApart: number;
  readonly pMixed: number;
};

export type MixingOfTies = {
  readonly estimable: true;
  readonly basis: ContactBasis;
  readonly people: number;
  readonly ties: number;
  /** Share of ties that cross sides. */
  readonly crossShare: TieFigure;
  readonly ei: TieFigure;
  readonly assortativity: TieFigure;
  readonly freeman: TieFigure;
  /** By side; a side without ties is left out. */
  readonly coleman: Readonly<Record<string, number>>;
  /** Absent where nobody could be odds (no ties across, or all within). */
  readonly withinOddsRatio?: number;
  /** Of directed ties, the share that is returned. */
  readonly reciprocity?: number;
  readonly seed: number;
  readonly permutations: number;
};

export type NoTies = { readonly estimable: false; readonly because: 'no-ties' | 'one-side-only'; readonly basis: ContactBasis };

/** One directed arc or one undirected edge, by the positions of its people. */
type Edge = readonly [number, number];

/**
 * Whether ties cross sides, beside what chance gives: sides are dealt anew among the same people, so that everyone keeps their number of ties.
 *
 * @throws RangeError naming a person given twice, a tie to nobody known or to oneself, or `permutations` below 99
 */
export const mixingOfTies = ({ basis, people, ties, directed, seed = 1, permutations = 2_000 }: TiesRequest): MixingOfTies | NoTies => {
  if (!Number.isSafeInteger(permutations) || permutations < 99) throw new RangeError(`permutations must be a whole number from 99, not ${permutations}`);
  const edges = edgesOf(people, ties, directed);
  const sideNames = [...new Set(people.map(({ side }) => side))].sort();
  if (edges.length === 0) return { estimable: false, because: 'no-ties', basis };
  if (sideNames.length < 2) return { estimable: false, because: 'one-side-only', basis };
  const sides = people.map(({ side }) => sideNames.indexOf(side));
  const sizes = sideNames.map((_, side) => sides.filter((one) => one === side).length);
  const observed = figuresOf(edges, sides, sizes, directed);
  const random = seededRandom(seed);
  const drawn = Array.from({ length: permutations }, () => figuresOf(edges, random.shuffle([...sides]), sizes, directed));
  const figure = (name: keyof Figures, apartIsHigh: boolean): TieFigure => against(observed[name], drawn.map((one) => one[name]), apartIsHigh);
  const matrix = matrixOf(edges, sides, sizes.length, directed);
  const odds = withinOddsRatio(dyadsOf(edges, sides, sizes, directed));
  return {
    estimable: true,
    basis,
    people: people.length,
    ties: edges.length,
    crossShare: figure('crossShare', false),
    ei: figure('ei', false),
    assortativity: figure('assortativity', true),
    freeman: figure('freeman', true),
    coleman: Object.fromEntries(colemanHomophily(matrix, sizes).flatMap((value, side) => (value === undefined ? [] : [[sideNames[side] as string, value]]))),
    ...(odds === undefined ? {} : { withinOddsRatio: odds }),
    ...(directed ? { reciprocity: reciprocityOf(edges) } : {}),
    seed,
    permutations,
  };
};

const edgesOf = (people: readonly Person[], ties: readonly Tie[], directed: boolean): readonly Edge[] => {
  const position = new Map<string, number>();
  people.forEach(({ id }, at) => {
    if (position.has(id)) throw new RangeError(`people[${at}]: ${id} is given twice`);
    position.set(id, at);
  });
  const edges = new Map<string, Edge>();
  ties.forEach(({ from, to }, at) => {
    const [a, b] = [position.get(from), position.get(to)];
    if (a === undefined || b === undefined) throw new RangeError(`ties[${at}]: ${a === undefined ? from : to} is not among people`);
    if (a === b) throw new RangeError(`ties[${at}]: ${from} cannot be tied to themselves`);
    const edge: Edge = directed || a < b ? [a, b] : [b, a];
    edges.set(edge.join(' '), edge);
  });
  return [...edges.values()];
};

type Figures = { readonly crossShare: number; readonly ei: number; readonly assortativity: number; readonly freeman: number };

/** Two sides with people and at least one tie: each of these is a number, save an assortativity whose ties are all of one side; that is 1. */
const figuresOf = (edges: readonly Edge[], sides: readonly number[], sizes: readonly number[], directed: boolean): Figures => {
  const matrix = matrixOf(edges, sides, sizes.length, directed);
  const cross = edges.filter(([from, to]) => sides[from] !== sides[to]).length;
  return {
    crossShare: cross / edges.length,
    ei: eiIndex(matrix) as number,
    assortativity: assortativity(matrix) ?? 1,
    freeman: freemanSegregation(dyadsOf(edges, sides, sizes, directed)) as number,
  };
};

const matrixOf = (edges: readonly Edge[], sides: readonly number[], count: number, directed: boolean): MixingMatrix => {
  const matrix = Array.from({ length: count }, () => Array.from({ length: count }, () => 0));
  const add = (from: number, to: number): void => {
    const row = matrix[sides[from] as number] as number[];
    row[sides[to] as number] = (row[sides[to] as number] as number) + 1;
  };
  for (const [from, to] of edges) {
    add(from, to);
    if (!directed) add(to, from);
  }
  return matrix;
};

const dyadsOf = (edges: readonly Edge[], sides: readonly number[], sizes: readonly number[], directed: boolean): Dyads => {
  const cross = edges.filter(([from, to]) => sides[from] !== sides[to]).length;
  const ways = directed ? 2 : 1;
  const all = (sides.length * (sides.length - 1)) / 2;
  const within = sizes.reduce((pairs, size) => pairs + (size * (size - 1)) / 2, 0);
  return { withinTies: edges.length - cross, crossTies: cross, withinPairs: within * ways, crossPairs: (all - within) * ways };
};

const reciprocityOf = (edges: readonly Edge[]): number => {
  const known = new Set(edges.map((edge) => edge.join(' ')));
  return edges.filter(([from, to]) => known.has(`${to} ${from}`)).length / edges.length;
};

const TIE = 1e-9;

const against = (observed: number, drawn: readonly number[], apartIsHigh: boolean): TieFigure => {
  const atLeast = (1 + drawn.filter((value) => value >= observed - TIE).length) / (1 + drawn.length);
  const atMost = (1 + drawn.filter((value) => value <= observed + TIE).length) / (1 + drawn.length);
  return {
    observed,
    expected: drawn.reduce((mean, value) => mean + value / drawn.length, 0),
    least: drawn.reduce((least, value) => Math.min(least, value), observed),
    most: drawn.reduce((most, value) => Math.max(most, value), observed),
    pApart: apartIsHigh ? atLeast : atMost,
    pMixed: apartIsHigh ? atMost : atLeast,
  };
};

/**
 * Ties between neighbours at round tables: everyone with the person on either side.
 * @param tables - codes in the order they sat; the last sits beside the first
 */
export const tiesOfSeating = (tables: readonly (readonly string[])[]): readonly Tie[] =>
  tables.flatMap((seats) => (seats.length < 2 ? [] : seats.slice(0, seats.length === 2 ? 1 : undefined).map((from, at) => ({ from, to: seats[(at + 1) % seats.length] as string }))));
