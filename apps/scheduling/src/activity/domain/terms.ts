export const STATUSES = ['planned', 'rescheduled', 'held', 'did-not-happen', 'cancelled', 'unrecorded'] as const;
export type Status = (typeof STATUSES)[number];

/** Why an activity was cancelled or did not happen. */
export const REASONS = ['too-few-people', 'no-facilitator', 'no-place', 'weather', 'safety', 'partner-withdrew', 'other'] as const;

export const PRESENCES = ['present', 'absent', 'excused'] as const;

export const OUTCOMES = ['held', 'did-not-happen'] as const;

export const ROSTER_AT_MOST = 500;
export const GROUPS_AT_MOST = 200;
/** A gathering longer than a month is a series. */
export const LONGEST_ACTIVITY_DAYS = 31;
