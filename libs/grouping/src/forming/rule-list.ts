import type { FormRequest, LonePolicy, PeopleRule, Person, Strength } from './request.js';

export type RuleCode = 'CAPACITY' | 'KEEP_APART' | 'KEEP_TOGETHER' | 'PLACED' | 'LONE_MEMBER' | 'SHARED_LANGUAGE' | 'ACCESS' | 'SUPERIOR';

/** One rule as it can be kept, broken, dropped and named by itself. */
export type Rule = {
  readonly code: RuleCode;
  readonly strength: 'must' | 'should';
  /** Whom it is about; empty when it is about all. */
  readonly people: readonly string[];
  /** LONE_MEMBER: the attribute (`side` for the side), the category and the policy. */
  readonly by?: string;
  readonly category?: string;
  readonly policy?: LonePolicy;
  /** PLACED: the group. */
  readonly group?: string;
};

/** Every rule of a request that is asked at all, the hard capacity first. */
export const listRules = (request: FormRequest): Rule[] => [
  { code: 'CAPACITY', strength: 'must', people: [] },
  ...peopleRules('KEEP_TOGETHER', request.rules?.together),
  ...peopleRules('KEEP_APART', request.rules?.apart),
  ...placedRules(request),
  ...superiorRules(request),
  ...accessRules(request),
  ...languageRule(request),
  ...loneRules(request),
];

/** A list kept apart is as many rules as it has pairs: each pair can be the one that cannot be kept. */
const peopleRules = (code: 'KEEP_APART' | 'KEEP_TOGETHER', rules: readonly PeopleRule[] = []): Rule[] =>
  rules.flatMap(({ people, strength = 'must' }) => {
    const named = [...new Set(people)];
    if (strength === 'off' || named.length < 2) return [];
    if (code === 'KEEP_TOGETHER') return [{ code, strength, people: named }];
    return named.flatMap((one, index) => named.slice(index + 1).map((other): Rule => ({ code, strength, people: [one, other] })));
  });

const placedRules = ({ rules }: FormRequest): Rule[] =>
  (rules?.placed ?? []).flatMap(({ person, group, strength = 'must' }) => (strength === 'off' ? [] : [{ code: 'PLACED', strength, people: [person], group }]));

const superiorRules = ({ people, rules }: FormRequest): Rule[] => {
  const strength = rules?.superiors ?? 'must';
  if (strength === 'off') return [];
  const byId = new Map(people.map((person) => [person.id, person]));
  return people.flatMap((person) => superiorsOf(person, byId).map((superior): Rule => ({ code: 'SUPERIOR', strength, people: [superior, person.id] })));
};

const superiorsOf = (person: Person, byId: ReadonlyMap<string, Person>): string[] => {
  const found: string[] = [];
  for (let next = person.reportsTo; next !== undefined && byId.has(next) && !found.includes(next); next = byId.get(next)?.reportsTo) found.push(next);
  return found;
};

const accessRules = ({ people, rules }: FormRequest): Rule[] => {
  const strength = rules?.access ?? 'must';
  if (strength === 'off') return [];
  return people.filter(({ needs }) => needs && needs.length > 0).map(({ id }): Rule => ({ code: 'ACCESS', strength, people: [id] }));
};

/** People of whom no language is known are taken to follow: the rule is about what is known. */
const languageRule = ({ people, rules }: FormRequest): Rule[] => {
  const strength: Strength = rules?.sharedLanguage ?? 'must';
  const known = people.some(({ languages }) => languages && languages.length > 0);
  return strength === 'off' || !known ? [] : [{ code: 'SHARED_LANGUAGE', strength, people: [] }];
};

const loneRules = ({ people, rules }: FormRequest): Rule[] => {
  const { policy = 'two-or-none', by = ['side'], strength = 'must' } = rules?.lone ?? {};
  if (strength === 'off') return [];
  return [...new Set(by)].flatMap((attribute) =>
    [...new Set(people.map((person) => categoryOf(person, attribute)).filter((category) => category !== undefined))]
      .sort()
      .map((category): Rule => ({ code: 'LONE_MEMBER', strength, people: [], by: attribute, category, policy })),
  );
};

export const categoryOf = (person: Person, attribute: string): string | undefined => {
  if (attribute === 'side') return person.side;
  const value = person.attributes?.[attribute];
  return value === undefined ? undefined : String(value);
};
