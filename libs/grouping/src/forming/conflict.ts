import { compile } from './compile.js';
import type { Stop } from '../search/budget.js';
import { settle } from './feasibility.js';
import type { FormRequest } from './request.js';
import type { Rule, RuleCode } from './rule-list.js';

/** `proven`: these rules cannot hold together, and without any one of them the others can. */
export type Conflict = { readonly rules: readonly Rule[]; readonly proven: boolean };

/** Harder to give up last: the deletion filter drops what it tries first, and what is left is the conflict. */
const DROPPED_FIRST: readonly RuleCode[] = ['KEEP_APART', 'KEEP_TOGETHER', 'PLACED', 'SUPERIOR', 'ACCESS', 'LONE_MEMBER', 'SHARED_LANGUAGE', 'CAPACITY'];

/**
 * A smallest set of rules that cannot hold together, by a deletion filter (Chinneck and Dravnieks 1991, ORSA J. Computing 3):
 * drop one after the other whatever the conflict outlives; first whole kinds, then rule by rule. Done in both orders; the
 * smaller set is told. Smallest here means that no member can go, not that no other set has fewer.
 */
export const findConflict = (request: FormRequest, rules: readonly Rule[], stop: Stop = () => false): Conflict => {
  const holds = (candidate: readonly Rule[]): boolean | undefined => (stop() ? undefined : settle(compile(request, candidate).problem, stop).feasible);
  const forwards = filterDown(rules, DROPPED_FIRST, { holds, stop });
  const backwards = forwards.length > 2 ? filterDown(rules, [...DROPPED_FIRST].reverse(), { holds, stop }) : forwards;
  const smaller = backwards.length < forwards.length ? backwards : forwards;
  const proven = holds(smaller) === false && smaller.every((rule) => holds(smaller.filter((other) => other !== rule)) === true);
  return { rules: smaller, proven };
};

type Asking = { readonly holds: (rules: readonly Rule[]) => boolean | undefined; readonly stop: Stop };

/** A question left open counts as a conflict only where the whole was left open too: a proven conflict stays proven. Nothing is dropped once it is to stop. */
const filterDown = (rules: readonly Rule[], order: readonly RuleCode[], { holds, stop }: Asking): Rule[] => {
  const settled = holds(rules) === false;
  const conflicts = (candidate: readonly Rule[]): boolean => (settled ? holds(candidate) === false : holds(candidate) !== true && !stop());
  let left = [...rules];
  for (const code of order) {
    const without = left.filter((rule) => rule.code !== code);
    if (without.length < left.length && conflicts(without)) left = without;
  }
  for (const code of order) {
    for (const rule of left.filter((candidate) => candidate.code === code)) {
      const without = left.filter((candidate) => candidate !== rule);
      if (conflicts(without)) left = without;
    }
  }
  return left;
};
