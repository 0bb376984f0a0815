import { ACTIVITY_TYPES, activitiesAfter, monthsTouched, saysWhatItIs, saysWhoCame, writeActivities } from './activities.js';
import { countMonths } from './months.js';
import { attend, rostersOf } from './presence.js';
import type { Fold } from './projection.js';

export const schedulingFold: Fold = {
  types: ACTIVITY_TYPES,
  apply: async (tx, model, facts) => {
    const said = facts.filter(saysWhatItIs);
    const before = await writeActivities(tx, model, activitiesAfter(said));
    await countMonths(tx, model, monthsTouched(said, before));
    await attend(tx, model, rostersOf(said.filter(saysWhoCame)));
  },
};
