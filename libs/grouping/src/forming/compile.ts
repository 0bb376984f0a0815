import { MUST, SHOULD, type CompiledRules, type LoneColumns, type Problem, type Speech } from '../search/problem.js';
import type { FormRequest, GroupSpec, Person } from './request.js';
import { categoryOf, type Rule } from './rule-list.js';

/** People who must stay together, as places in `people`. */
export type Units = { readonly unitOf: Int32Array; readonly members: readonly (readonly number[])[] };

export type Compiled = { readonly problem: Problem; readonly units: Units };

const weightOf = ({ strength }: Rule): number => (strength === 'must' ? MUST : SHOULD);

/** @param gains people x people, symmetric, zero diagonal; empty when only the rules matter */
export const compile = (request: FormRequest, rules: readonly Rule[], gains?: Float64Array): Compiled => {
  const { people, groups } = request;
  const places = new Map(people.map(({ id }, place) => [id, place]));
  const units = unitsOf(people.length, rules, places);
  const sized = rules.some(({ code }) => code === 'CAPACITY');
  const count = units.members.length;
  return {
    units,
    problem: {
      units: count,
      groups: groups.length,
      sizeOf: Int32Array.from(units.members, ({ length }) => length),
      smallest: Int32Array.from(groups, ({ min }) => (sized ? min : 0)),
      largest: Int32Array.from(groups, ({ max }) => (sized ? max : people.length)),
      together: gains ? gather(gains, units, people.length) : new Float64Array(count * count),
      rules: compileRules({ request, rules, units, places }),
    },
  };
};

const unitsOf = (count: number, rules: readonly Rule[], places: ReadonlyMap<string, number>): Units => {
  const root = Int32Array.from({ length: count }, (_, place) => place);
  const rootOf = (place: number): number => {
    let at = place;
    while (root[at] !== at) at = root[at] as number;
    return at;
  };
  for (const rule of rules) {
    if (rule.code !== 'KEEP_TOGETHER' || rule.strength !== 'must') continue;
    const named = rule.people.map((id) => rootOf(places.get(id) as number));
    for (const place of named) root[rootOf(place)] = rootOf(named[0] as number);
  }
  const unitOf = new Int32Array(count).fill(-1);
  const members: number[][] = [];
  for (let place = 0; place < count; place += 1) {
    const first = rootOf(place);
    if (unitOf[first] === -1) unitOf[first] = members.push([]) - 1;
    const unit = unitOf[first] as number;
    unitOf[place] = unit;
    members[unit]?.push(place);
  }
  return { unitOf, members };
};

/** Sums a matrix over people into one over units. */
export const gather = (matrix: Float64Array, { unitOf, members }: Units, people: number): Float64Array => {
  const count = members.length;
  if (count === people) return matrix;
  const summed = new Float64Array(count * count);
  for (let one = 0; one < people; one += 1) {
    for (let other = 0; other < people; other += 1) {
      const a = unitOf[one] as number;
      const b = unitOf[other] as number;
      if (a !== b) summed[a * count + b] = (summed[a * count + b] as number) + (matrix[one * people + other] as number);
    }
  }
  return summed;
};

type Compiling = { readonly request: FormRequest; readonly rules: readonly Rule[]; readonly units: Units; readonly places: ReadonlyMap<string, number> };

const compileRules = (compiling: Compiling): CompiledRules => {
  const { clash, base } = clashesOf(compiling);
  return { clash, base, barred: barredOf(compiling), lone: loneOf(compiling), speech: speechOf(compiling) };
};

/** Two of one unit who are to be kept apart cannot be: `base` then holds the penalty that nothing takes away. */
const clashesOf = ({ rules, units, places }: Compiling): { clash: Float64Array | undefined; base: number } => {
  const count = units.members.length;
  let clash: Float64Array | undefined;
  let base = 0;
  const add = (one: string, other: string, amount: number): void => {
    const a = units.unitOf[places.get(one) as number] as number;
    const b = units.unitOf[places.get(other) as number] as number;
    if (a === b) {
      base += amount;
      return;
    }
    clash ??= new Float64Array(count * count);
    clash[a * count + b] = (clash[a * count + b] as number) + amount;
    clash[b * count + a] = clash[a * count + b] as number;
  };
  for (const rule of rules) {
    if (rule.code === 'KEEP_APART' || rule.code === 'SUPERIOR') add(rule.people[0] as string, rule.people[1] as string, weightOf(rule));
    if (rule.code !== 'KEEP_TOGETHER' || rule.strength !== 'should') continue;
    rule.people.forEach((one, index) =>
      rule.people.slice(index + 1).forEach((other) => {
        base += SHOULD;
        add(one, other, -SHOULD);
      }),
    );
  }
  return { clash, base };
};

export const meetsNeeds = ({ needs = [] }: Person, { offers = [] }: GroupSpec): boolean => needs.every((need) => offers.includes(need));

const barredOf = ({ request: { people, groups }, rules, units, places }: Compiling): Float64Array | undefined => {
  let barred: Float64Array | undefined;
  for (const rule of rules) {
    if (rule.code !== 'ACCESS' && rule.code !== 'PLACED') continue;
    const place = places.get(rule.people[0] as string) as number;
    barred ??= new Float64Array(units.members.length * groups.length);
    for (const [group, spec] of groups.entries()) {
      const at = (units.unitOf[place] as number) * groups.length + group;
      const fits = rule.code === 'PLACED' ? spec.id === rule.group : meetsNeeds(people[place] as Person, spec);
      if (!fits) barred[at] = (barred[at] as number) + weightOf(rule);
    }
  }
  return barred;
};

const loneOf = ({ request: { people }, rules, units }: Compiling): LoneColumns | undefined => {
  const columns = rules.filter(({ code }) => code === 'LONE_MEMBER');
  if (columns.length === 0) return undefined;
  const counts = new Int32Array(units.members.length * columns.length);
  for (const [place, person] of people.entries()) {
    for (const [column, { by = 'side', category }] of columns.entries()) {
      if (categoryOf(person, by) !== category) continue;
      const at = (units.unitOf[place] as number) * columns.length + column;
      counts[at] = (counts[at] as number) + 1;
    }
  }
  return {
    columns: columns.length,
    counts,
    weights: Float64Array.from(columns, weightOf),
    needed: Uint8Array.from(columns, ({ policy }) => (policy === 'at-least-two' ? 1 : 0)),
  };
};

/** A channel is a set of languages: one language that people share, or several between which somebody interprets. */
export const channelsOf = ({ people, groups }: Pick<FormRequest, 'people' | 'groups'>): string[][] => {
  const sets = [
    ...people.flatMap(({ languages = [] }) => languages.map((language) => [language])),
    ...people.flatMap(({ interprets }) => (interprets ? [[...interprets]] : [])),
    ...groups.flatMap(({ interpreterLanguages }) => (interpreterLanguages ? [[...interpreterLanguages]] : [])),
  ].map((languages) => [...new Set(languages)].sort());
  return [...new Map(sets.filter(({ length }) => length > 0).map((languages) => [languages.join(' '), languages])).values()];
};

/** Somebody whose languages nobody has noted is taken to follow everything. */
export const canUse = ({ languages = [] }: Person, channel: readonly string[]): boolean => languages.length === 0 || channel.some((language) => languages.includes(language));

export const carriesOver = (languages: readonly string[] | undefined, channel: readonly string[]): boolean =>
  languages !== undefined && channel.length > 1 && channel.every((language) => languages.includes(language));

const speechOf = ({ request, rules, units }: Compiling): Speech | undefined => {
  const rule = rules.find(({ code }) => code === 'SHARED_LANGUAGE');
  if (!rule) return undefined;
  const sets = channelsOf(request);
  const channels = sets.length;
  const users = new Int32Array(units.members.length * channels);
  const openers = new Int32Array(units.members.length * channels);
  const open = new Uint8Array(request.groups.length * channels);
  for (const [channel, set] of sets.entries()) {
    for (const [place, person] of request.people.entries()) {
      const at = (units.unitOf[place] as number) * channels + channel;
      if (canUse(person, set)) users[at] = (users[at] as number) + 1;
      if (carriesOver(person.interprets, set)) openers[at] = (openers[at] as number) + 1;
    }
    for (const [group, { interpreterLanguages }] of request.groups.entries()) {
      open[group * channels + channel] = set.length === 1 || carriesOver(interpreterLanguages, set) ? 1 : 0;
    }
  }
  return { channels, weight: weightOf(rule), users, openers, open };
};
