import type { BrokenRule, FormedGroup } from './broken-rules.js';
import { compile } from './compile.js';
import { findConflict } from './conflict.js';
import { decide, USUAL_NODES } from './feasibility.js';
import { capital, listed, sayRule, type Message } from './messages.js';
import type { FormRequest } from './request.js';
import type { Rule } from './rule-list.js';
import type { Stop } from '../search/budget.js';

/** Why a rule that should hold does not: it cannot beside those that must, or beside others that should and do. */
export type BentBecause = 'impossible-beside' | 'others-came-first';

export type BentRule = {
  readonly rule: Rule;
  readonly groups: readonly string[];
  readonly because: BentBecause;
  /** Rules that it cannot hold beside. */
  readonly beside: readonly Rule[];
  readonly message: Message;
};

export const explainBent = (request: FormRequest, rules: readonly Rule[], broken: readonly BrokenRule[], stop: Stop = () => false): BentRule[] => {
  const brokenOnes = new Set(broken.map(({ rule }) => rule));
  const musts = rules.filter(({ strength }) => strength === 'must');
  const kept = rules.filter((rule) => rule.strength === 'should' && !brokenOnes.has(rule));
  return broken.map(({ rule, groups }) => {
    const asMust: Rule = { ...rule, strength: 'must' };
    const impossible = decide(compile(request, [...musts, asMust]).problem, USUAL_NODES, { stop }).feasible === false;
    const others = impossible ? musts : [...musts, ...kept.map((other): Rule => ({ ...other, strength: 'must' }))];
    const conflicting = findConflict(request, [...others, asMust], stop);
    const beside = conflicting.proven ? conflicting.rules.filter((other) => other !== asMust) : [];
    const because: BentBecause = impossible ? 'impossible-beside' : 'others-came-first';
    return { rule, groups, because, beside, message: sayBent({ rule, groups, because, beside }) };
  });
};

const sayBent = ({ rule, groups, because, beside }: Omit<BentRule, 'message'>): Message => {
  const where = `in ${groups.length === 1 ? 'group' : 'groups'} ${listed(groups)}`;
  const reason =
    beside.length > 0
      ? `because it cannot hold while ${listed(beside.map(sayRule))}`
      : because === 'impossible-beside'
        ? 'because there are no such groups for these people'
        : 'because the other rules came first in the time given';
  return {
    code: beside.length > 0 || because === 'impossible-beside' ? 'BENT_IMPOSSIBLE' : 'BENT_FOR_OTHERS',
    parameters: { rule: rule.code, people: rule.people, groups, beside: beside.map(({ code }) => code) },
    sentence: `${capital(sayRule(rule))}: not so ${where}, ${reason}.`,
  };
};

/** Repeated encounters, by how many pairs. */
export const explainNotes = ({ met = [] }: FormRequest, groups: readonly FormedGroup[]): Message[] => {
  const groupOf = new Map(groups.flatMap(({ id, people }) => people.map((person) => [person, id] as const)));
  const again = met.filter(({ one, other, times }) => times > 0 && groupOf.has(one) && groupOf.get(one) === groupOf.get(other));
  if (again.length === 0) return [];
  return [
    {
      code: 'MET_BEFORE',
      parameters: { pairs: again.length },
      sentence: again.length === 1 ? '1 pair meets again that has met before.' : `${again.length} pairs meet again that have met before.`,
    },
  ];
};
