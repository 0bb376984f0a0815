import { LIMITS, type Refusal, refusalsAmong, refuseOneOf, refuseText, refuseUuid, tidy } from '@common-ground/kernel';
import type { Plan, Setting } from './activity.js';
import { recordRefusals } from './activity.errors.js';
import { refuseTimes } from './calendar.js';
import { GROUPS_AT_MOST, PRESENCES, ROSTER_AT_MOST } from './terms.js';

export type Conditions = { readonly equalStatus: number; readonly commonGoal: number; readonly cooperation: number; readonly supportOfAuthorities: number };
export type Group = { readonly name: string; readonly participantIds: readonly string[] };

/** What is said of an activity that was held. Times that are left out are as planned. */
export type HeldRecord = {
  readonly activityId: string;
  readonly startsAt?: Date | undefined;
  readonly endsAt?: Date | undefined;
  readonly roster: readonly { readonly participantId: string; readonly status: string }[];
  readonly groups: readonly Group[];
  readonly conditions?: Conditions | undefined;
};

export type Attendance = { readonly participantId: string; readonly side: string; readonly status: string };
export type SideCount = { readonly side: string; readonly count: number };

/** A record as it is kept and told. */
export type HeldDetails = {
  readonly roster: readonly Attendance[];
  readonly groups: readonly Group[];
  /** 1 to 5, or 0 when not observed. */
  readonly conditions: Conditions;
  readonly expectedSides: readonly string[];
  /** People present; every expected side is there, with 0 where nobody came. */
  readonly presentBySide: readonly SideCount[];
};

/** What scheduling knows of a participant, from the registry's facts. */
export type KnownParticipant = { readonly id: string; readonly interventionId: string; readonly side: string; readonly withdrawnAt: Date | null };
export type KnownParticipants = ReadonlyMap<string, KnownParticipant>;

export type ReadRecord = { readonly startsAt: Date; readonly endsAt: Date; readonly record: HeldDetails };

const NOT_OBSERVED: Conditions = { equalStatus: 0, commonGoal: 0, cooperation: 0, supportOfAuthorities: 0 };
const CONDITIONS = ['equalStatus', 'commonGoal', 'cooperation', 'supportOfAuthorities'] as const;

const refuseRoster = (interventionId: string, startsAt: Date, roster: HeldRecord['roster'], people: KnownParticipants): Refusal[] => {
  if (roster.length > ROSTER_AT_MOST) return [recordRefusals.rosterTooLong(roster.length, ROSTER_AT_MOST)];
  const seen = new Set<string>();
  return roster.flatMap(({ participantId, status }, index) => {
    const path = ['roster', String(index)];
    const malformed = refusalsAmong(refuseUuid([...path, 'participantId'], participantId), refuseOneOf([...path, 'status'], status, PRESENCES));
    if (malformed.length > 0) return malformed;
    const person = people.get(participantId);
    if (person?.interventionId !== interventionId) return [recordRefusals.participantUnknown(index)];
    const twice = seen.has(participantId);
    seen.add(participantId);
    return refusalsAmong(twice && recordRefusals.participantTwice(index), person.withdrawnAt !== null && person.withdrawnAt <= startsAt && recordRefusals.withdrawn(index));
  });
};

const refuseGroups = (groups: readonly Group[], present: ReadonlySet<string>): Refusal[] => {
  if (groups.length > GROUPS_AT_MOST) return [recordRefusals.tooManyGroups(groups.length, GROUPS_AT_MOST)];
  const names = new Set<string>();
  const placed = new Set<string>();
  return groups.flatMap(({ name, participantIds }, index) => {
    const wrongName = refuseText(['groups', String(index), 'name'], name, { min: 1, max: LIMITS.code }) ?? (names.has(name) && recordRefusals.groupNameTwice(index));
    names.add(name);
    const wrongMembers = participantIds.map((id, member) => {
      if (!present.has(id)) return recordRefusals.memberNotPresent(index, member);
      if (placed.has(id)) return recordRefusals.memberTwice(index, member);
      placed.add(id);
      return undefined;
    });
    return refusalsAmong(wrongName, participantIds.length === 0 && recordRefusals.groupEmpty(index), ...wrongMembers);
  });
};

const refuseConditions = (conditions: Conditions): Refusal[] =>
  CONDITIONS.flatMap((name) => (Number.isInteger(conditions[name]) && conditions[name] >= 0 && conditions[name] <= 5 ? [] : [recordRefusals.condition(name, conditions[name])]));

const presentOf = (roster: HeldRecord['roster']): ReadonlySet<string> => new Set(roster.filter(({ status }) => status === 'present').map(({ participantId }) => participantId));

/** People present by side; every expected side is listed, 0 included. */
export const countPresent = (roster: readonly Attendance[], expectedSides: readonly string[]): SideCount[] => {
  const counts = new Map(expectedSides.map((side) => [side, 0]));
  for (const { side, status } of roster) if (status === 'present') counts.set(side, (counts.get(side) ?? 0) + 1);
  return [...counts].map(([side, count]) => ({ side, count }));
};

/** Words compare by code unit, the same everywhere. */
const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Checks a record against the plan and the people known; refuses with everything that is wrong. */
export const readHeldRecord = (plan: Plan, said: HeldRecord, setting: Setting, people: KnownParticipants, now: Date): ReadRecord | { readonly refusals: readonly [Refusal, ...Refusal[]] } => {
  const [startsAt, endsAt] = [said.startsAt ?? plan.plannedStartsAt, said.endsAt ?? plan.plannedEndsAt];
  const groups = said.groups.map(({ name, participantIds }) => ({ name: tidy(name), participantIds: [...participantIds].sort(byText) }));
  const conditions = said.conditions ?? NOT_OBSERVED;
  const wrongTimes = refuseTimes(startsAt, endsAt);
  const [first, ...others] = [
    ...wrongTimes,
    ...refusalsAmong(wrongTimes.length === 0 && startsAt > now && recordRefusals.notStarted()),
    ...refuseRoster(plan.interventionId, startsAt, said.roster, people),
    ...refuseGroups(said.groups.map(({ name, participantIds }) => ({ name: tidy(name), participantIds })), presentOf(said.roster)),
    ...refuseConditions(conditions),
  ];
  if (first) return { refusals: [first, ...others] };
  const roster = said.roster.map(({ participantId, status }) => ({ participantId, side: people.get(participantId)?.side ?? '', status })).sort((left, right) => byText(left.participantId, right.participantId));
  const { equalStatus, commonGoal, cooperation, supportOfAuthorities } = conditions;
  return {
    startsAt,
    endsAt,
    record: { roster, groups, conditions: { equalStatus, commonGoal, cooperation, supportOfAuthorities }, expectedSides: [...setting.sides], presentBySide: countPresent(roster, setting.sides) },
  };
};

/** What was said, without what follows from it; sides that were revised since make no other record. */
const saidIn = ({ startsAt, endsAt, record }: ReadRecord): string =>
  JSON.stringify([startsAt.getTime(), endsAt.getTime(), record.roster.map(({ participantId, status }) => [participantId, status]), record.groups.map(({ name, participantIds }) => [name, participantIds]), CONDITIONS.map((name) => record.conditions[name])]);

export const sameRecord = (left: ReadRecord, right: ReadRecord): boolean => saidIn(left) === saidIn(right);
