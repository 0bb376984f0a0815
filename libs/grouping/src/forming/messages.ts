import type { Rule } from './rule-list.js';

/** Plain words for people: a code and parameters to translate by, and the sentence in English. */
export type Message = {
  readonly code: string;
  readonly parameters: Readonly<Record<string, string | number | readonly string[]>>;
  readonly sentence: string;
};

export const listed = (names: readonly string[]): string => (names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);

/** A rule as a sentence without its full stop. */
export const sayRule = (rule: Rule): string => {
  const { code, people, by = 'side', category = '' } = rule;
  const whose = by === 'side' ? `the side ${category}` : `${by} ${category}`;
  switch (code) {
    case 'CAPACITY':
      return 'each group keeps within its smallest and largest size';
    case 'KEEP_APART':
      return `${listed(people)} are kept apart`;
    case 'KEEP_TOGETHER':
      return `${listed(people)} are kept together`;
    case 'PLACED':
      return `${listed(people)} is in group ${rule.group}`;
    case 'LONE_MEMBER':
      return rule.policy === 'at-least-two' ? `every group has at least two of ${whose}` : `nobody is the only one of ${whose} in a group`;
    case 'SHARED_LANGUAGE':
      return 'in every group all share a language or have an interpreter';
    case 'ACCESS':
      return `${listed(people)} is in a group that offers what they need`;
    case 'SUPERIOR':
      return `${people[1]} is not in a group with the superior ${people[0]}`;
  }
};

export const describeRule = (rule: Rule): Message => ({
  code: rule.code,
  parameters: { people: rule.people, ...(rule.by === undefined ? {} : { by: rule.by, category: rule.category ?? '', policy: rule.policy ?? '' }), ...(rule.group === undefined ? {} : { group: rule.group }) },
  sentence: `${capital(sayRule(rule))}.`,
});

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
