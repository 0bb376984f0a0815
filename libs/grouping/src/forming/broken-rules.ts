import { canUse, carriesOver, channelsOf, meetsNeeds } from './compile.js';
import type { FormRequest, GroupSpec, Person } from './request.js';
import { categoryOf, type Rule } from './rule-list.js';

export type FormedGroup = { readonly id: string; readonly people: readonly string[] };

export type BrokenRule = { readonly rule: Rule; /** Ids of the groups in which it is broken. */ readonly groups: readonly string[] };

/**
 * Which rules a grouping breaks, told from the groups alone: it shares no code with the search, so that it can judge the
 * search, groups that people made by hand and groups as they were.
 */
export const brokenRules = (request: FormRequest, rules: readonly Rule[], groups: readonly FormedGroup[]): BrokenRule[] => {
  const people = new Map(request.people.map((person) => [person.id, person]));
  const specs = new Map(request.groups.map((spec) => [spec.id, spec]));
  const channels = channelsOf(request);
  return rules.flatMap((rule) => {
    const broken = groups.filter((group) => {
      if (rule.code === 'PLACED') return group.id !== rule.group && group.people.includes(rule.people[0] ?? '');
      const members = group.people.map((id) => people.get(id)).filter((person) => person !== undefined);
      return isBrokenIn(rule, { members, spec: specs.get(group.id), channels });
    });
    return broken.length > 0 ? [{ rule, groups: broken.map(({ id }) => id) }] : [];
  });
};

type Seen = { readonly members: readonly Person[]; readonly spec: GroupSpec | undefined; readonly channels: readonly (readonly string[])[] };

const isBrokenIn = (rule: Rule, { members, spec, channels }: Seen): boolean => {
  const named = members.filter(({ id }) => rule.people.includes(id));
  switch (rule.code) {
    case 'CAPACITY':
      return spec !== undefined && (members.length < spec.min || members.length > spec.max);
    case 'KEEP_APART':
    case 'SUPERIOR':
      return named.length > 1;
    case 'KEEP_TOGETHER':
      return named.length > 0 && named.length < rule.people.length;
    case 'PLACED':
      return false; // told by the group's id, above
    case 'ACCESS':
      return spec !== undefined && named.some((person) => !meetsNeeds(person, spec));
    case 'SHARED_LANGUAGE':
      return members.length > 0 && !canTalk(members, spec, channels);
    case 'LONE_MEMBER': {
      const count = members.filter((person) => categoryOf(person, rule.by ?? 'side') === rule.category).length;
      return count === 1 || (count === 0 && rule.policy === 'at-least-two');
    }
  }
};

const canTalk = (members: readonly Person[], spec: GroupSpec | undefined, channels: readonly (readonly string[])[]): boolean =>
  channels.some((channel) => {
    const open = channel.length === 1 || carriesOver(spec?.interpreterLanguages, channel) || members.some(({ interprets }) => carriesOver(interprets, channel));
    return open && members.every((person) => canUse(person, channel));
  });
