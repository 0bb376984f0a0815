import type { Activity, PlannedActivity, Setting } from './activity.js';
import type { HeldRecord, KnownParticipants } from './held-record.js';
import type { NewActivity } from './planning.js';

export const INTERVENTION = '00000000-0000-4000-8000-0000000000aa';
export const ACTIVITY = '00000000-0000-4000-8000-000000000001';
export const personId = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export const setting: Setting = { interventionId: INTERVENTION, mission: 'PE', timeZone: 'America/Lima', sides: ['migrant', 'host'], startsOn: '2026-03-01', endsOn: '2026-11-30' };

export const startsAt = new Date('2026-04-10T15:00:00Z');
export const endsAt = new Date('2026-04-10T17:00:00Z');
export const afterwards = new Date('2026-04-10T18:00:00Z');

export const aNewActivity = (change: Partial<NewActivity> = {}): NewActivity => ({ id: ACTIVITY, code: 'A-1', title: 'First training', startsAt, endsAt, place: 'Avenue pitch', cluster: '', ...change });

export const aPlannedActivity = (change: Partial<PlannedActivity> = {}): PlannedActivity => ({
  id: ACTIVITY,
  mission: 'PE',
  interventionId: INTERVENTION,
  code: 'A-1',
  title: 'First training',
  place: 'Avenue pitch',
  cluster: '',
  plannedStartsAt: startsAt,
  plannedEndsAt: endsAt,
  startsAt,
  endsAt,
  plannedAt: new Date('2026-03-01T09:00:00Z'),
  quiet: false,
  version: 1,
  status: 'planned',
  ...change,
});

/** Persons 1 to 4: two migrants, then two hosts. */
export const people: KnownParticipants = new Map(
  [1, 2, 3, 4].map((number) => [personId(number), { id: personId(number), interventionId: INTERVENTION, side: number <= 2 ? 'migrant' : 'host', withdrawnAt: null }]),
);

export const aRecord = (change: Partial<HeldRecord> = {}): HeldRecord => ({
  activityId: ACTIVITY,
  roster: [1, 2, 3].map((number) => ({ participantId: personId(number), status: 'present' })),
  groups: [{ name: 'Blue', participantIds: [personId(1), personId(3)] }],
  conditions: { equalStatus: 4, commonGoal: 5, cooperation: 3, supportOfAuthorities: 0 },
  ...change,
});

export const codesOf = (decision: { refusals: readonly { code: string }[] } | { state: Activity }): readonly string[] => ('refusals' in decision ? decision.refusals.map(({ code }) => code) : []);
