import { ACTIVITY_TYPES, activitiesAfter, monthsTouched, saysWhatItIs, saysWhoCame, writeActivities } from './activities.js';
import { assignedRoles, monthsOfRoles, ROLES_TYPE, writeRoles } from './group-roles.js';
import { groupedOf, mix } from './mixing.js';
import { countMixing } from './mixing-months.js';
import { countMonths } from './months.js';
import { attend, rostersOf } from './presence.js';
import type { Fold } from './projection.js';

export const schedulingFold: Fold = {
  types: [...ACTIVITY_TYPES, ROLES_TYPE],
  apply: async (tx, model, facts) => {
    const said = facts.filter(saysWhatItIs);
    const before = await writeActivities(tx, model, activitiesAfter(said));
    const touched = monthsTouched(said, before);
    await countMonths(tx, model, touched);
    await attend(tx, model, rostersOf(said.filter(saysWhoCame)));
    await mix(tx, model, groupedOf(said));
    const plans = assignedRoles(facts);
    await writeRoles(tx, model, plans);
    await countMixing(tx, model, [...touched, ...(await monthsOfRoles(tx, model, plans))]);
  },
};
