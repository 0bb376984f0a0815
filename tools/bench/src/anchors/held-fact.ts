import { Facts } from '@common-ground/contracts';
import { interventionId, MISSION, rosterOf, type recordOf } from '../stage/programme.js';

export type SentRecord = ReturnType<typeof recordOf>;

/** The same bytes that the platform tells of this record, made without asking what they mean. */
export const heldFact = (intervention: number, record: SentRecord): Uint8Array =>
  Facts.ActivityHeld.encode({
    mission: MISSION,
    interventionId: interventionId(intervention),
    activityId: record.activityId,
    code: 'a',
    startsAt: new Date('2025-03-01T15:00:00Z'),
    endsAt: new Date('2025-03-01T17:00:00Z'),
    month: '2025-03',
    roster: rosterOf(intervention),
    presentBySide: [{ side: 'host', count: 5 }, { side: 'migrant', count: 5 }],
    groups: record.groups,
    conditions: record.conditions,
    expectedSides: ['host', 'migrant'],
    cluster: '',
  });

export const storedRecord = (intervention: number, record: SentRecord): string =>
  JSON.stringify({ roster: rosterOf(intervention), groups: record.groups, conditions: record.conditions, expectedSides: ['host', 'migrant'], presentBySide: [] });
