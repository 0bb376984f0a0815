import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { scheduling } from '@common-ground/contracts';
import { ActivityStatus, AttendanceStatus } from '../graphql/enums.js';
import { Id, Ids, Moment, moment, momentOr, MomentOr, Of, OrOf, said, Text, TextOr, Whole, WholeOr } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { batchPayloadOf, payloadOf } from '../graphql/user-error.js';

@ObjectType({ description: 'One person’s presence, by pseudonymous id.' })
export class Attendance {
  @Id('Who.') participantId!: string;
  @Text('The side they belong to.') side!: string;
  @Of(() => AttendanceStatus, 'Whether they came.') status!: string;
}

@ObjectType({ description: 'A group as it was, not as planned.' })
export class HeldGroup {
  @Text('Its name.') name!: string;
  @Ids('Who was in it.') participantIds!: string[];
}

@ObjectType({ description: 'The four contact conditions as the facilitator saw them, 1 to 5; null when not observed.' })
export class ContactConditions {
  @WholeOr('Both sides met as equals.') equalStatus!: number | null;
  @WholeOr('They worked towards one goal.') commonGoal!: number | null;
  @WholeOr('They had to work together for it.') cooperation!: number | null;
  @WholeOr('Those in charge stood behind it.') supportOfAuthorities!: number | null;
}

@ObjectType({ description: 'People of one side who came.' })
export class SideCount {
  @Text('The side.') side!: string;
  @Whole('How many came.') count!: number;
}

@ObjectType({ description: 'One dated gathering of an intervention.' })
export class Activity {
  @Id('Its id.') id!: string;
  @Field(() => ID, { description: 'The intervention it belongs to.' }) interventionId!: string;
  @Text('Its code, one of its kind within the intervention.') code!: string;
  @Text('Its title.') title!: string;
  @Moment('When it begins, or began.') startsAt!: Date;
  @Moment('When it ends, or ended.') endsAt!: Date;
  @TextOr('The place’s name.') place!: string | null;
  @TextOr('The unit of assignment it is for.') cluster!: string | null;
  @Of(() => ActivityStatus, 'What became of it.') status!: string;
  @TextOr('Why it did not take place.') reason!: string | null;
  @Of(() => [Attendance], 'Who came. Only in the query of one activity, and only for those who run it.') roster!: Attendance[];
  @Of(() => [SideCount], 'How many came of each side. A side of which one to four came is left out for headquarters and monitoring staff.') presentBySide!: SideCount[];
  @Of(() => [HeldGroup], 'Groups as they were. Only in the query of one activity.') groups!: HeldGroup[];
  @OrOf(() => ContactConditions, 'Contact conditions as observed.') conditions!: ContactConditions | null;
  @Moment('When it was planned.') plannedAt!: Date;
  @MomentOr('When it was recorded what became of it.') recordedAt!: Date | null;
  @Whole('Counts its changes.') version!: number;
}

const seen = (value: number): number | null => (value === 0 ? null : value);

const conditionsOf = (row: scheduling.ContactConditions | undefined): ContactConditions | null =>
  row ? { equalStatus: seen(row.equalStatus), commonGoal: seen(row.commonGoal), cooperation: seen(row.cooperation), supportOfAuthorities: seen(row.supportOfAuthorities) } : null;

export const activityOf = (row: scheduling.Activity): Activity => ({
  ...row,
  startsAt: moment(row.startsAt),
  endsAt: moment(row.endsAt),
  place: said(row.place),
  cluster: said(row.cluster),
  reason: said(row.reason),
  conditions: conditionsOf(row.conditions),
  plannedAt: moment(row.plannedAt),
  recordedAt: momentOr(row.recordedAt),
});

const one = (name: string) => payloadOf(name, Activity, 'activity', 'The activity as it is now.');

export const ActivityConnection = connectionOf(Activity, 'Activity', 'activities');
export const PlanActivitiesPayload = batchPayloadOf('PlanActivitiesPayload');
export const RecordActivitiesHeldPayload = batchPayloadOf('RecordActivitiesHeldPayload');
export const RescheduleActivityPayload = one('RescheduleActivityPayload');
export const CancelActivityPayload = one('CancelActivityPayload');
export const RecordActivityHeldPayload = one('RecordActivityHeldPayload');
export const RecordActivityDidNotHappenPayload = one('RecordActivityDidNotHappenPayload');
export const CorrectActivityPayload = one('CorrectActivityPayload');
