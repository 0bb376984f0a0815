import type { Evidence, Finding } from './finding.js';

/** Observed 1 to 5; 0 when not observed. */
export type Conditions = {
  readonly equalStatus: number;
  readonly commonGoal: number;
  readonly cooperation: number;
  readonly supportOfAuthorities: number;
};

/** A held activity as it was. */
export type HeldActivity = {
  readonly activityId: string;
  readonly code: string;
  readonly startsAt: Date;
  /** Counts up with every correction. */
  readonly version: number;
  readonly expectedSides: readonly string[];
  readonly presentBySide: ReadonlyArray<{ readonly side: string; readonly count: number }>;
  /** Whether anybody's presence or absence was taken down. */
  readonly attendanceTaken: boolean;
  readonly conditions: Conditions | undefined;
  /** People of each side in each group, as it was. */
  readonly groups: ReadonlyArray<ReadonlyMap<string, number>>;
};

/** Groups as planned for an activity. */
export type PlannedGroups = {
  readonly activityId: string;
  readonly code: string;
  readonly formedAt: Date;
  /** Counts up each time they are drawn up anew. */
  readonly version: number;
  readonly groups: ReadonlyArray<ReadonlyMap<string, number>>;
};

export type UnrecordedActivity = {
  readonly activityId: string;
  readonly code: string;
  readonly endedAt: Date;
  readonly version: number;
};

const TERMS: Readonly<Record<keyof Conditions, string>> = {
  equalStatus: 'equal-status',
  commonGoal: 'common-goal',
  cooperation: 'cooperation',
  supportOfAuthorities: 'support-of-authorities',
};
const CONDITIONS = Object.keys(TERMS) as ReadonlyArray<keyof Conditions>;

const evidenceOf = (activity: HeldActivity, said: Pick<Evidence, 'figures' | 'terms'>): Evidence => ({
  sourceKey: `activity:${activity.activityId}`,
  version: activity.version,
  kind: 'activity',
  subject: activity.code,
  activityId: activity.activityId,
  observedAt: activity.startsAt,
  ...said,
});

/** Contact was poor when any observed condition lies below the threshold. */
export const findPoorContact = (activity: HeldActivity, minimumCondition: number): Finding | undefined => {
  const { conditions } = activity;
  if (!conditions) return undefined;
  const observed = CONDITIONS.filter((name) => conditions[name] > 0);
  const below = observed.filter((name) => conditions[name] < minimumCondition);
  if (below.length === 0) return undefined;
  return {
    rule: 'poor-contact',
    subjectKey: '',
    evidence: evidenceOf(activity, {
      figures: { ...Object.fromEntries(observed.map((name) => [name, conditions[name]])), minimumCondition },
      terms: { below: below.map((name) => TERMS[name]).join(' ') },
    }),
  };
};

/** Evidence is shown to headquarters: a side of which fewer came is not counted in it. */
const PRESENT_AT_LEAST = 5;

/** A side is missing when it is expected and none of it was present. Without attendance nothing is known about sides. */
export const findOneSideMissing = (activity: HeldActivity): Finding | undefined => {
  const present = new Map(activity.presentBySide.map(({ side, count }) => [side, count]));
  const missing = activity.expectedSides.filter((side) => (present.get(side) ?? 0) <= 0);
  if (missing.length === 0 || !activity.attendanceTaken) return undefined;
  return {
    rule: 'one-side-missing',
    subjectKey: '',
    evidence: evidenceOf(activity, {
      figures: Object.fromEntries(activity.expectedSides.map((side): [string, number] => [side, present.get(side) ?? 0]).filter(([, people]) => people <= 0 || people >= PRESENT_AT_LEAST)),
      terms: { missingSide: missing.join(' ') },
    }),
  };
};

/** Two of a side in a group are enough to keep nobody alone; with fewer of it there, no grouping could. */
const ENOUGH_TO_MIX = 2;

/** Groups of one side, and groups with somebody alone of their side, where both sides had people enough to be mixed. */
const apartIn = (groups: HeldActivity['groups']): { readonly oneSided: number; readonly lone: number } => {
  const counts = groups.map((group) => [...group.values()].filter((people) => people > 0)).filter((sides) => sides.reduce((all, people) => all + people, 0) > 1);
  const people = new Map<string, number>();
  for (const group of groups) for (const [side, count] of group) people.set(side, (people.get(side) ?? 0) + count);
  const mixable = counts.length > 1 && [...people.values()].filter((count) => count >= ENOUGH_TO_MIX).length > 1;
  if (!mixable) return { oneSided: 0, lone: 0 };
  return {
    oneSided: counts.filter((sides) => sides.length === 1).length,
    lone: counts.filter((sides) => sides.length > 1 && sides.includes(1) && sides.reduce((all, count) => all + count, 0) > 2).length,
  };
};

const apart = (groups: HeldActivity['groups'], evidence: Omit<Evidence, 'kind' | 'figures' | 'terms'>, terms: Evidence['terms']): Finding | undefined => {
  const { oneSided, lone } = apartIn(groups);
  if (oneSided + lone === 0) return undefined;
  return { rule: 'sides-apart', subjectKey: '', evidence: { ...evidence, kind: 'activity', figures: { groups: groups.length, oneSidedGroups: oneSided, loneMemberGroups: lone }, terms } };
};

/** Sides stayed apart in groups as they were. */
export const findSidesApart = ({ activityId, code, startsAt, version, groups }: HeldActivity): Finding | undefined =>
  apart(groups, { sourceKey: `activity:${activityId}`, version, subject: code, activityId, observedAt: startsAt }, {});

/** Sides are to be apart in groups as planned: there is still time to draw them up anew. */
export const findSidesToBeApart = ({ activityId, code, formedAt, version, groups }: PlannedGroups): Finding | undefined =>
  apart(groups, { sourceKey: `groups:${activityId}`, version, subject: code, activityId, observedAt: formedAt }, { planned: 'yes' });

/** The end is part of the source: an activity put off and missed again is another thing to answer for. */
export const findUnrecorded = (activity: UnrecordedActivity): Finding => ({
  rule: 'unrecorded-activity',
  subjectKey: '',
  evidence: {
    sourceKey: `activity:${activity.activityId}:${activity.endedAt.toISOString()}`,
    version: activity.version,
    kind: 'activity',
    subject: activity.code,
    activityId: activity.activityId,
    observedAt: activity.endedAt,
    figures: {},
    terms: {},
  },
});
