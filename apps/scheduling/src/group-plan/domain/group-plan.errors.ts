import { DomainError, type Refusal } from '@common-ground/kernel';

const refusal = (code: string, message: string, ...path: string[]): Refusal => ({ code, message, path });

const CONFLICTS: ReadonlySet<string> = new Set(['GROUPS_NOT_FORMED', 'ACTIVITY_NOT_TO_COME', 'RULES_CONFLICT', 'RULES_CONFLICT_LIKELY']);
const UNKNOWN: ReadonlySet<string> = new Set(['ACTIVITY_UNKNOWN', 'INTERVENTION_UNKNOWN', 'PARTICIPANT_UNKNOWN', 'GROUP_UNKNOWN']);

/** A command fails with everything that was wrong with it. */
export const errorOf = (refusals: readonly [Refusal, ...Refusal[]]): DomainError => {
  const [{ code, message, path }] = refusals;
  const kind = CONFLICTS.has(code) ? 'conflict' : UNKNOWN.has(code) ? 'not-found' : 'invalid';
  return new DomainError(kind, code, message, { path }, refusals);
};

export const groupRefusals = {
  activityUnknown: (...path: string[]) => refusal('ACTIVITY_UNKNOWN', 'There is no such activity in your scope; check the id.', ...path),
  interventionUnknown: () => refusal('INTERVENTION_UNKNOWN', 'There is no such intervention in your scope; check the id, or try again in a moment if it was designed just now.', 'interventionId'),
  notToCome: (status: string, ...path: string[]) => refusal('ACTIVITY_NOT_TO_COME', `This activity is ${status}; groups are planned for activities that are planned or rescheduled. What groups were like is recorded with the activity.`, ...path),
  notFormed: () => refusal('GROUPS_NOT_FORMED', 'No groups are planned for this activity; form them first.', 'activityId'),
  participantUnknown: (...path: string[]) => refusal('PARTICIPANT_UNKNOWN', 'Nobody with this id is enrolled in this intervention; check the id, or try again in a moment if they were enrolled just now.', ...path),
  withdrawn: (...path: string[]) => refusal('PARTICIPANT_WITHDRAWN', 'This person left the intervention; take them out.', ...path),
  notInPlan: (...path: string[]) => refusal('PARTICIPANT_NOT_IN_GROUPS', 'This person is in none of the planned groups; bring them in as somebody who came unannounced.', ...path),
  inPlan: (...path: string[]) => refusal('PARTICIPANT_IN_GROUPS', 'This person is in a planned group already; move them in place of bringing them in.', ...path),
  twice: (...path: string[]) => refusal('PARTICIPANT_TWICE', 'This person is named twice here; once is enough.', ...path),
  nobodyExpected: () => refusal('NOBODY_EXPECTED', 'Nobody who is enrolled is expected; take people out of the absences, or enrol some.', 'absentIds'),
  tooMany: (count: number, most: number) => refusal('EXPECTED_TOO_MANY', `${count} people are expected; at most ${most} can be put into groups at once.`, 'absentIds'),
  size: (field: string, value: number, least: number, most: number) => refusal('GROUP_SIZE_OUT_OF_RANGE', `${value} is no size of a group here: give ${least} to ${most}.`, 'rules', field),
  sizesImpossible: (count: number, min: number, max: number) => refusal('GROUP_SIZES_IMPOSSIBLE', `${count} people do not divide into groups of ${min} to ${max}; widen one of the two.`, 'rules', 'sizeMax'),
  seed: (value: number, most: number) => refusal('SEED_OUT_OF_RANGE', `${value} is no seed: give a whole number from 0 to ${most}, or none.`, 'seed'),
  rulesTooMany: (rule: string, count: number, most: number) => refusal('RULES_TOO_MANY', `${count} rules of this kind were given; at most ${most} fit.`, 'rules', rule),
  ruleTooSmall: (rule: string, index: number) => refusal('RULE_OF_ONE', 'A rule about people names two of them at least.', 'rules', rule, String(index), 'participantIds'),
  superiorsOfTwo: (index: number) => refusal('SUPERIORS_OF_TWO', 'Name two: the superior first, then the subordinate.', 'rules', 'superiors', String(index), 'participantIds'),
  groupUnknown: (names: readonly string[]) => refusal('GROUP_UNKNOWN', `No planned group has this name; there are ${names.join(', ')}.`, 'toGroup'),
  groupFull: (most: number) => refusal('GROUP_FULL', `This group has ${most} people already, the most that were asked for; move somebody out first.`, 'toGroup'),
  sameActivity: (...path: string[]) => refusal('ACTIVITY_TWICE', 'This activity is named twice; once is enough.', ...path),
  otherIntervention: (...path: string[]) => refusal('ACTIVITY_OF_ANOTHER', 'This activity belongs to another intervention; a series is of one.', ...path),
  rolesTooMany: (count: number, most: number) => refusal('ROLES_TOO_MANY', `${count} roles were given; at most ${most} fit.`, 'roles'),
  roleTwice: (index: number) => refusal('ROLE_TWICE', 'This role is named twice; once is enough.', 'roles', String(index)),
  noFacilitators: () => refusal('FACILITATORS_MISSING', 'Give at least one facilitator.', 'facilitators'),
  facilitatorsTooMany: (count: number, most: number) => refusal('FACILITATORS_TOO_MANY', `${count} facilitators were given; at most ${most} fit.`, 'facilitators'),
  facilitatorTwice: (index: number) => refusal('FACILITATOR_TWICE', 'This facilitator is named twice; once is enough.', 'facilitators', String(index), 'code'),
  notInSeries: (...path: string[]) => refusal('ACTIVITY_NOT_IN_SERIES', 'This activity is not among those to form groups for; add it to activityIds.', ...path),
} as const;
