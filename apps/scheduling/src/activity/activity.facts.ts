import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { ActivityFact, HeldActivity } from './domain/activity.js';

const recordOf = ({ record }: HeldActivity) => ({
  roster: record.roster.map((entry) => ({ ...entry })),
  presentBySide: record.presentBySide.map((count) => ({ ...count })),
  groups: record.groups.map(({ name, participantIds }) => ({ name, participantIds: [...participantIds] })),
  conditions: { ...record.conditions },
  expectedSides: [...record.expectedSides],
});
const NO_RECORD = { roster: [], presentBySide: [], groups: [], conditions: undefined, expectedSides: [] };

const bytesOf = (fact: ActivityFact): Uint8Array => {
  const about = { ...fact.activity, activityId: fact.activity.id, month: fact.month };
  switch (fact.type) {
    case 'ActivityPlanned':
      return Facts.ActivityPlanned.encode(about);
    case 'ActivityRescheduled':
      return Facts.ActivityRescheduled.encode({ ...about, previousStartsAt: fact.previousStartsAt });
    case 'ActivityCancelled':
      return Facts.ActivityCancelled.encode({ ...about, reason: fact.activity.reason });
    case 'ActivityHeld':
      return Facts.ActivityHeld.encode({ ...about, ...recordOf(fact.activity) });
    case 'ActivityDidNotHappen':
      return Facts.ActivityDidNotHappen.encode({ ...about, reason: fact.activity.reason });
    case 'ActivityCorrected': {
      const { activity } = fact;
      const outcome = activity.status === 'held' ? { ...recordOf(activity), reason: '' } : { ...NO_RECORD, reason: activity.reason };
      return Facts.ActivityCorrected.encode({ ...about, ...outcome, outcome: activity.status });
    }
    case 'ActivityUnrecorded':
      return Facts.ActivityUnrecorded.encode({ ...about, endedAt: fact.activity.endsAt });
  }
};

/** The only place that knows both this slice's facts and how they travel. */
export const encodeActivityFact = (fact: ActivityFact, quiet: boolean): NewFact => {
  const { id, interventionId, mission, version } = fact.activity;
  return { type: Facts[fact.type].type, key: interventionId, subject: id, sequence: version, mission, quiet, data: bytesOf(fact) };
};
