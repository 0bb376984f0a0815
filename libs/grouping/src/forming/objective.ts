import { leastDeviation, pairsWithin, rowBound } from './bounds.js';
import { encounterGains, pairWeights, timesMet } from './encounters.js';
import { differences, levelColumns, sideColumns, spreadColumns } from './features.js';
import { USUAL_WEIGHTS, type FormRequest } from './request.js';

export type PartName = 'sides' | 'attributes' | 'spread' | 'variety' | 'encounters';

/**
 * One part of the objective, higher is better. Balances are minus a sum of squared deviations, so 0 is perfect.
 * `randomMean` is the exact mean over all groupings of these sizes, rules set aside; no grouping has more than `upperBound`.
 */
export type ObjectivePart = { readonly name: PartName; readonly weight: number; readonly value: number; readonly randomMean: number; readonly upperBound: number };

/** Sum of weight x value / scale over the parts: scaled so that chance is about 1 in each. */
export type Objective = { readonly value: number; readonly upperBound: number; readonly randomMean: number; readonly parts: readonly ObjectivePart[] };

type Balance = { readonly name: PartName; readonly weight: number; readonly columns: readonly Float64Array[]; readonly bound: (sizes: readonly number[]) => number; readonly scale: number };
type Pairwise = { readonly name: PartName; readonly weight: number; readonly gains: Float64Array; readonly mean: number; readonly scale: number };

export type ObjectiveModel = { readonly people: number; readonly balances: readonly Balance[]; readonly pairwise: readonly Pairwise[] };

/** @param sizes about the sizes that groups will have: they set the scale of the parts */
export const modelObjective = (request: FormRequest, sizes: readonly number[]): ObjectiveModel => {
  const weights = { ...USUAL_WEIGHTS, ...request.weights };
  const balance = (name: 'sides' | 'attributes' | 'spread', columns: readonly Float64Array[], bound: Balance['bound'] = () => 0): Balance[] => {
    const scale = chanceDeviation(columns, sizes);
    return weights[name] === 0 || scale <= 1e-12 ? [] : [{ name, weight: weights[name], columns, bound, scale }];
  };
  const sides = [...new Set(request.people.map(({ side }) => side))].map((side) => request.people.filter((person) => person.side === side).length);
  return {
    people: request.people.length,
    balances: [
      ...balance('sides', sideColumns(request.people), (final) => sides.reduce((sum, inSide) => sum + leastDeviation(inSide, final), 0)),
      ...balance('attributes', levelColumns(request)),
      ...balance('spread', spreadColumns(request)),
    ],
    pairwise: [...varietyOf(request, weights.variety, sizes), ...encountersOf(request, weights.encounters, sizes)],
  };
};

const varietyOf = (request: FormRequest, weight: number, sizes: readonly number[]): Pairwise[] => {
  if (weight === 0) return [];
  const gains = differences(request);
  const mean = meanOfPairs(gains, request.people.length);
  return mean > 0 ? [{ name: 'variety', weight, gains, mean, scale: mean * pairsWithin(sizes) || 1 }] : [];
};

const encountersOf = ({ people, acrossSides, met }: FormRequest, weight: number, sizes: readonly number[]): Pairwise[] => {
  if (weight === 0 || !met || met.length === 0) return [];
  const weights = pairWeights(people, acrossSides);
  const gains = encounterGains(weights, timesMet(people, met));
  return [{ name: 'encounters', weight, gains, mean: meanOfPairs(gains, people.length), scale: meanOfPairs(weights, people.length) * pairsWithin(sizes) || 1 }];
};

const meanOfPairs = (matrix: Float64Array, count: number): number => (count < 2 ? 0 : matrix.reduce((sum, value) => sum + value, 0) / (count * (count - 1)));

/** Mean of the sum over random groups of squared sums of centred columns: n_g (n - n_g) / (n - 1) times the variance each. */
const chanceDeviation = (columns: readonly Float64Array[], sizes: readonly number[]): number => {
  const people = columns[0]?.length ?? 0;
  if (people < 2) return 0;
  const spread = columns.reduce((sum, column) => sum + column.reduce((squares, value) => squares + value * value, 0), 0) / people;
  return (spread * sizes.reduce((sum, size) => sum + size * (people - size), 0)) / (people - 1);
};

/** How strongly even sizes are preferred where sizes are free, beside parts that chance brings to 1. */
const EVENNESS = 4;

/**
 * One matrix of gains that the search maximises. A squared sum over a group is the sum over its pairs of products, so balances
 * are gains of pairs as well; the mean of the other parts is taken off, so that groups do not swell for the sake of pairs.
 */
export const gainsOf = ({ people, balances, pairwise }: ObjectiveModel, sizes: readonly number[]): Float64Array => {
  const gains = new Float64Array(people * people);
  for (const { columns, weight, scale } of balances) for (const column of columns) addProducts(gains, column, (-2 * weight) / scale);
  for (const { gains: own, mean, weight, scale } of pairwise) {
    for (let at = 0; at < gains.length; at += 1) gains[at] = (gains[at] as number) + (weight / scale) * ((own[at] as number) - mean);
  }
  const even = EVENNESS / Math.max(1, pairsWithin(sizes));
  for (let at = 0; at < gains.length; at += 1) gains[at] = (gains[at] as number) - even;
  for (let person = 0; person < people; person += 1) gains[person * people + person] = 0;
  return gains;
};

const addProducts = (gains: Float64Array, column: Float64Array, factor: number): void => {
  const count = column.length;
  for (let one = 0; one < count; one += 1) {
    const own = factor * (column[one] as number);
    if (own === 0) continue;
    for (let other = 0; other < count; other += 1) gains[one * count + other] = (gains[one * count + other] as number) + own * (column[other] as number);
  }
};

/** @param groups places of people, group by group */
export const judge = (model: ObjectiveModel, groups: readonly (readonly number[])[]): Objective => {
  const sizes = groups.map(({ length }) => length);
  const balances = model.balances.map(({ name, weight, columns, bound, scale }) => ({
    part: { name, weight, value: 0 - deviationOf(columns, groups), randomMean: 0 - chanceDeviation(columns, sizes), upperBound: 0 - bound(sizes) },
    scale,
  }));
  const pairwise = model.pairwise.map(({ name, weight, gains, mean, scale }) => ({
    part: { name, weight, value: sumWithin(gains, model.people, groups), randomMean: mean * pairsWithin(sizes), upperBound: rowBound(gains, model.people, sizes) },
    scale,
  }));
  const judged = [...balances, ...pairwise];
  const total = (figure: (part: ObjectivePart) => number): number => judged.reduce((sum, { part, scale }) => sum + (part.weight * figure(part)) / scale, 0);
  return {
    value: total(({ value }) => value),
    upperBound: total(({ upperBound }) => upperBound),
    randomMean: total(({ randomMean }) => randomMean),
    parts: judged.map(({ part }) => part),
  };
};

const deviationOf = (columns: readonly Float64Array[], groups: readonly (readonly number[])[]): number => {
  let sum = 0;
  for (const column of columns) for (const group of groups) sum += group.reduce((total, place) => total + (column[place] as number), 0) ** 2;
  return sum;
};

export const sumWithin = (matrix: Float64Array, count: number, groups: readonly (readonly number[])[]): number => {
  let sum = 0;
  for (const group of groups) {
    group.forEach((one, index) => {
      for (let at = index + 1; at < group.length; at += 1) sum += matrix[one * count + (group[at] as number)] as number;
    });
  }
  return sum;
};
