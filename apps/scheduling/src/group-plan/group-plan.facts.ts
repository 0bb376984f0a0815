import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import { type GroupPlan, loneMemberGroups, oneSidedGroups } from './domain/group-plan.js';

/** Groups as they are told: the whole plan as it is now. `month` and `code` are the activity's. */
export type GroupsFormed = { readonly plan: GroupPlan; readonly code: string; readonly month: string };

/** The only place that knows both this slice's fact and how it travels. Versions of a plan are apart from those of its activity. */
export const encodeGroupsFormed = ({ plan, code, month }: GroupsFormed, quiet: boolean): NewFact => {
  const { activityId, mission, interventionId, groups, drawn, version } = plan;
  const data = Facts.GroupsFormed.encode({
    mission,
    interventionId,
    activityId,
    code,
    month,
    groups: groups.map(({ participantIds, bySide, roles, ...group }) => ({ ...group, participantIds: [...participantIds], bySide: bySide.map((count) => ({ ...count })), roles: roles.map((role) => ({ ...role })) })),
    seed: drawn.seed,
    by: drawn.by,
    oneSidedGroups: oneSidedGroups(groups),
    loneMemberGroups: loneMemberGroups(groups),
    rulesBent: [...new Set(drawn.bent.map(({ rule }) => rule))],
  });
  return { type: Facts.GroupsFormed.type, key: interventionId, subject: activityId, sequence: version, mission, quiet, data };
};
