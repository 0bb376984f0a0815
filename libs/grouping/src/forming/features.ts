import type { Attribute, FormRequest, Person } from './request.js';

/** Centred columns over people: the sum over a group is how far the group is from the whole. */
export type Features = { readonly columns: readonly Float64Array[] };

const centred = (values: readonly (number | undefined)[]): Float64Array => {
  const known = values.filter((value) => value !== undefined);
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(known.length, 1);
  return Float64Array.from(values, (value) => (value === undefined ? 0 : value - mean));
};

const variance = (column: Float64Array): number => column.reduce((sum, value) => sum + value * value, 0) / Math.max(column.length, 1);

const scaled = (columns: readonly Float64Array[], to: number): Float64Array[] => {
  const total = columns.reduce((sum, column) => sum + variance(column), 0);
  if (total <= 1e-12) return [];
  const factor = Math.sqrt(to / total);
  return columns.map((column) => column.map((value) => value * factor));
};

const categoriesOf = (values: readonly (string | undefined)[]): string[] => [...new Set(values.filter((value) => value !== undefined))].sort();

/** One column a category: 1 for those in it, centred. */
export const indicatorColumns = (values: readonly (string | undefined)[]): Float64Array[] =>
  categoriesOf(values).map((category) => centred(values.map((value) => (value === undefined ? undefined : value === category ? 1 : 0))));

export const sideColumns = (people: readonly Person[]): Float64Array[] => indicatorColumns(people.map(({ side }) => side));

const textOf = (person: Person, name: string): string | undefined => {
  const value = person.attributes?.[name];
  return value === undefined ? undefined : String(value);
};

const numberOf = (person: Person, name: string): number | undefined => {
  const value = person.attributes?.[name];
  return typeof value === 'number' ? value : undefined;
};

const weightOf = ({ weight = 1 }: Attribute): number => weight;

/** Shares of categories and means of numbers: each attribute counts by its weight, however many categories or whatever unit it has. */
export const levelColumns = ({ people, attributes = [] }: FormRequest): Float64Array[] =>
  attributes.flatMap((attribute) => {
    const { name, kind } = attribute;
    const columns = kind === 'categorical' ? indicatorColumns(people.map((person) => textOf(person, name))) : [centred(people.map((person) => numberOf(person, name)))];
    return scaled(columns, weightOf(attribute));
  });

/** Squared deviations, so that groups are alike in spread as well as in mean (k-plus: Papenberg 2024, BJMSP 77). */
export const spreadColumns = ({ people, attributes = [] }: FormRequest): Float64Array[] =>
  attributes
    .filter(({ kind }) => kind === 'numeric')
    .flatMap((attribute) => {
      const column = centred(people.map((person) => numberOf(person, attribute.name)));
      return scaled([centred([...column].map((value, place) => (numberOf(people[place] as Person, attribute.name) === undefined ? undefined : value * value)))], weightOf(attribute));
    });

/** How different two people are, 0 to 1: the share of attributes (the side is one) in which they differ (Gower 1971). */
export const differences = ({ people, attributes = [] }: FormRequest): Float64Array => {
  const count = people.length;
  const total = 1 + attributes.reduce((sum, attribute) => sum + weightOf(attribute), 0);
  const matrix = new Float64Array(count * count);
  addDiffering(matrix, codesOf(people.map(({ side }) => side)), 1 / total);
  for (const attribute of attributes) {
    const share = weightOf(attribute) / total;
    if (attribute.kind === 'categorical') addDiffering(matrix, codesOf(people.map((person) => textOf(person, attribute.name))), share);
    else addDistance(matrix, people.map((person) => numberOf(person, attribute.name)), share);
  }
  return matrix;
};

const codesOf = (values: readonly (string | undefined)[]): Int32Array => {
  const categories = categoriesOf(values);
  return Int32Array.from(values, (value) => (value === undefined ? -1 : categories.indexOf(value)));
};

const addDiffering = (matrix: Float64Array, codes: Int32Array, share: number): void => {
  const count = codes.length;
  for (let one = 0; one < count; one += 1) {
    for (let other = 0; other < count; other += 1) {
      if (codes[one] === codes[other] || codes[one] === -1 || codes[other] === -1) continue;
      matrix[one * count + other] = (matrix[one * count + other] as number) + share;
    }
  }
};

const addDistance = (matrix: Float64Array, values: readonly (number | undefined)[], share: number): void => {
  const count = values.length;
  const known = values.filter((value) => value !== undefined);
  const range = known.reduce((most, value) => Math.max(most, value), -Infinity) - known.reduce((least, value) => Math.min(least, value), Infinity);
  if (!(range > 0)) return;
  const places = Float64Array.from(values, (value) => (value === undefined ? Number.NaN : value / range));
  for (let one = 0; one < count; one += 1) {
    for (let other = 0; other < count; other += 1) {
      const apart = Math.abs((places[one] as number) - (places[other] as number));
      if (apart > 0) matrix[one * count + other] = (matrix[one * count + other] as number) + share * apart;
    }
  }
};
