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
