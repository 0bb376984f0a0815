import { hasLoneMember, isOneSided } from '@common-ground/grouping';

/** What groups were drawn up by last. */
export const STEPS = ['formed', 'series', 'moved', 'regrouped', 'roles', 'facilitators'] as const;
export type PlanStep = (typeof STEPS)[number];
export const LONE_MEMBER_POLICIES = ['at-least-two', 'allowed'] as const;
export const USUAL_ROLES = ['leader', 'notetaker', 'timekeeper'] as const;

export const GROUP_SIZE = { usual: { min: 4, max: 6 }, most: 100 } as const;
export const EXPECTED_AT_MOST = 500;
export const RULES_AT_MOST = 200;
export const SEED_AT_MOST = 0x7fffffff;

export type GroupRole = { readonly role: string; readonly participantId: string; readonly side: string };
export type SideCount = { readonly side: string; readonly count: number };
export type PlannedGroup = {
  readonly name: string;
  readonly participantIds: readonly string[];
  readonly bySide: readonly SideCount[];
  readonly roles: readonly GroupRole[];
  /** A code; empty while none is assigned. */
  readonly facilitator: string;
};

export type PeopleRule = { readonly participantIds: readonly string[] };
export type GroupingRules = {
  readonly sizeMin: number;
  readonly sizeMax: number;
  readonly keepApart: readonly PeopleRule[];
  readonly keepTogether: readonly PeopleRule[];
  readonly loneMember: string;
  readonly sharedLanguage: boolean;
  readonly superiors: readonly PeopleRule[];
};

/** One part of what groups are judged by. */
export type Measure = { readonly measure: string; readonly value: number; readonly randomMean?: number; readonly bound?: number; readonly higherIsBetter: boolean };
export type BentRule = { readonly rule: string; readonly group: string; readonly participantIds: readonly string[]; readonly because: string };

/** What the groups were drawn up with, kept so that they can be explained and drawn up anew. */
export type Drawn = { readonly seed: number; readonly steps: number; readonly by: PlanStep; readonly rules: GroupingRules; readonly measures: readonly Measure[]; readonly bent: readonly BentRule[] };

export type GroupPlan = {
  readonly activityId: string;
  readonly mission: string;
  readonly interventionId: string;
  readonly groups: readonly PlannedGroup[];
  readonly drawn: Drawn;
  readonly formedAt: Date;
  /** Counts the facts told about these groups. */
  readonly version: number;
};

/** Somebody enrolled, with what mixing goes by; empty when not said. */
export type KnownPerson = {
  readonly id: string;
  readonly interventionId: string;
  readonly side: string;
  readonly withdrawnAt: Date | null;
  readonly languages: readonly string[];
  readonly ageBand: string;
  readonly gender: string;
  readonly priorContact: string;
};
export type KnownPeople = ReadonlyMap<string, KnownPerson>;

/** The activity as far as groups are concerned. */
export type ForActivity = { readonly id: string; readonly mission: string; readonly interventionId: string; readonly startsAt: Date };

export const sidesOf = (participantIds: readonly string[], people: KnownPeople): readonly SideCount[] => {
  const counts = new Map<string, number>();
  for (const id of participantIds) {
    const side = people.get(id)?.side ?? '';
    counts.set(side, (counts.get(side) ?? 0) + 1);
  }
  return [...counts].map(([side, count]) => ({ side, count })).sort((left, right) => (left.side < right.side ? -1 : 1));
};

/** What is in groups, whatever order a store keeps fields in; sides follow from people. */
const told = (groups: readonly PlannedGroup[]): string =>
  JSON.stringify(groups.map(({ name, participantIds, roles, facilitator }) => [name, participantIds, roles.map(({ role, participantId }) => [role, participantId]), facilitator]));

export const sameGroups = (left: readonly PlannedGroup[], right: readonly PlannedGroup[]): boolean => told(left) === told(right);

const countsOf = ({ bySide }: PlannedGroup): readonly number[] => bySide.map(({ count }) => count);
/** Groups whose people are all of one side. */
export const oneSidedGroups = (groups: readonly PlannedGroup[]): number => groups.filter((group) => isOneSided(countsOf(group))).length;
/** Groups in which somebody is the only one of their side. */
export const loneMemberGroups = (groups: readonly PlannedGroup[]): number => groups.filter((group) => hasLoneMember(countsOf(group))).length;
