import { ObjectType } from '@nestjs/graphql';
import type { scheduling } from '@common-ground/contracts';
import { GroupPlanStep } from '../graphql/enums.js';
import { Id, Ids, Moment, moment, Of, OrOf, Real, RealOr, said, Text, TextOr, Whole, YesNo } from '../graphql/fields.js';
import { Payload, payloadOf } from '../graphql/user-error.js';
import { SideCount } from './activity.types.js';

@ObjectType({ description: 'A role in a group at one activity.' })
export class GroupRole {
  @Text('leader, notetaker, timekeeper, or a role of the programme’s own.') role!: string;
  @Id('Who has it.') participantId!: string;
  @Text('The side they belong to.') side!: string;
}

@ObjectType({ description: 'A group as planned.' })
export class PlannedGroup {
  @Text('Its name.') name!: string;
  @Ids('Who is in it.') participantIds!: string[];
  @Of(() => [SideCount], 'How many of each side are in it.') bySide!: SideCount[];
  @Of(() => [GroupRole], 'Who has which role; empty while none is assigned.') roles!: GroupRole[];
  @TextOr('The facilitator’s code; null while none is assigned.') facilitator!: string | null;
}

@ObjectType({ description: 'One part of what groups are judged by, beside random groups of the same sizes and what could at best be had.' })
export class GroupingMeasure {
  @Text('Its code, such as side-balance, attribute-balance, variety or new-encounters.') measure!: string;
  @Real('Its value in these groups.') value!: number;
  @RealOr('Its mean over random groups of the same sizes; null when there is none.') randomMean!: number | null;
  @RealOr('The best that could be had, proven; null when no bound is known.') bound!: number | null;
  @YesNo('Whether a higher value is better.') higherIsBetter!: boolean;
}

@ObjectType({ description: 'A rule that was not kept in full, and why.' })
export class BentRule {
  @Text('The rule’s code.') rule!: string;
  @TextOr('The group’s name; null when it is about all groups.') group!: string | null;
  @Ids('Whom it is about.') participantIds!: string[];
  @Text('Why, in plain English.') because!: string;
}

@ObjectType({ description: 'Groups as planned for one activity, with what explains them.' })
export class GroupPlan {
  @Id('The activity it is for.') activityId!: string;
  @Of(() => [PlannedGroup], 'The groups.') groups!: PlannedGroup[];
  @Whole('With the same people and rules it gives the same groups.') seed!: number;
  @Whole('Steps of search that were taken.') steps!: number;
  @Of(() => GroupPlanStep, 'What it was drawn up by last.') by!: string;
  @Of(() => [GroupingMeasure], 'What the groups are judged by, taken apart.') measures!: GroupingMeasure[];
  @Of(() => [BentRule], 'Rules that were not kept in full.') bent!: BentRule[];
  @Whole('Groups whose people are all of one side.') oneSidedGroups!: number;
  @Whole('Groups in which somebody is the only one of their side.') loneMemberGroups!: number;
  @Moment('When it was drawn up last.') formedAt!: Date;
  @Whole('Counts its changes.') version!: number;
}

export const groupPlanOf = (row: scheduling.GroupPlan): GroupPlan => ({
  ...row,
  groups: row.groups.map((group) => ({ ...group, facilitator: said(group.facilitator) })),
  measures: row.measures.map((measure) => ({ ...measure, randomMean: measure.randomMean ?? null, bound: measure.bound ?? null })),
  bent: row.bent.map((rule) => ({ ...rule, group: said(rule.group) })),
  formedAt: moment(row.formedAt),
});

const one = (name: string) => payloadOf(name, GroupPlan, 'plan', 'The groups as they are planned now.');
export const FormGroupsPayload = one('FormGroupsPayload');
export const MoveParticipantPayload = one('MoveParticipantPayload');
export const AssignRolesPayload = one('AssignRolesPayload');
export const AssignFacilitatorsPayload = one('AssignFacilitatorsPayload');

@ObjectType({ description: 'Answer of formSeriesGroups.' })
export class FormSeriesGroupsPayload extends Payload {
  @OrOf(() => [GroupPlan], 'The groups of each activity, by time.') plans!: GroupPlan[] | null;
  @RealOr('Of the pairs of people of different sides, the share that meets at least once, what happened before included.') coverage!: number | null;
  @RealOr('The same in random groups.') randomCoverage!: number | null;
}

@ObjectType({ description: 'Answer of regroupActivity.' })
export class RegroupActivityPayload extends Payload {
  @OrOf(() => GroupPlan, 'The groups as they are planned now.') plan!: GroupPlan | null;
  @OrOf(() => [String], 'Who was put into another group.') movedIds!: string[] | null;
}
