import { InputType } from '@nestjs/graphql';
import type { scheduling } from '@common-ground/contracts';
import { ActivityOutcome, ActivityStatus, AttendanceStatus } from '../graphql/enums.js';
import { COMMAND_ID, CREATED_ID, Id, Ids, Moment, MomentOr, Of, OrOf, Text, TextOr, WholeOr } from '../graphql/fields.js';

@InputType({ description: 'Which activities.' })
export class ActivityFilter {
  @OrOf(() => [String], 'Ids of interventions; all in scope when not said.') interventions?: string[] | null;
  @OrOf(() => [ActivityStatus], 'What became of them; all when not said.') statuses?: string[] | null;
  @MomentOr('Beginning at or after this moment.') from?: Date | null;
  @MomentOr('Beginning before this moment.') until?: Date | null;
}

@InputType({ description: 'An activity to plan.' })
export class NewActivityInput {
  @Id(CREATED_ID) id!: string;
  @Text('A code, new within the intervention.') code!: string;
  @Text('Its title, up to 200 characters.') title!: string;
  @Moment('When it begins.') startsAt!: Date;
  @Moment('When it ends.') endsAt!: Date;
  @TextOr('The place’s name, never a person’s address.') place?: string | null;
  @TextOr('The unit of assignment it is for.') cluster?: string | null;
}

@InputType({ description: 'Activities to plan, up to 1,000; each row is accepted or refused on its own.' })
export class PlanActivitiesInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('The intervention.') interventionId!: string;
  @Of(() => [NewActivityInput], 'The activities.') activities!: NewActivityInput[];
}

@InputType({ description: 'Another time, and perhaps another place.' })
export class RescheduleActivityInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity.') activityId!: string;
  @Moment('When it begins.') startsAt!: Date;
  @Moment('When it ends.') endsAt!: Date;
  @TextOr('Where; where it was when not said.') place?: string | null;
}

@InputType({ description: 'Called off beforehand.' })
export class CancelActivityInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity.') activityId!: string;
  @Text('too-few-people, no-facilitator, no-place, weather, safety, partner-withdrew or other.') reason!: string;
}

@InputType({ description: 'It did not take place.' })
export class RecordActivityDidNotHappenInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity.') activityId!: string;
  @Text('too-few-people, no-facilitator, no-place, weather, safety, partner-withdrew or other.') reason!: string;
}

@InputType({ description: 'Presence of one enrolled person; the side is known from enrolment.' })
export class RosterEntryInput {
  @Id('Who.') participantId!: string;
  @Of(() => AttendanceStatus, 'Whether they came.') status!: string;
}

@InputType({ description: 'A group as it was.' })
export class HeldGroupInput {
  @Text('Its name.') name!: string;
  @Ids('Who was in it; present, and in one group only.') participantIds!: string[];
}

@InputType({ description: 'The four contact conditions as observed, 1 to 5; left out when not observed.' })
export class ContactConditionsInput {
  @WholeOr('Both sides met as equals.') equalStatus?: number | null;
  @WholeOr('They worked towards one goal.') commonGoal?: number | null;
  @WholeOr('They had to work together for it.') cooperation?: number | null;
  @WholeOr('Those in charge stood behind it.') supportOfAuthorities?: number | null;
}

@InputType({ description: 'An activity as it was held.' })
export class HeldRecordInput {
  @Id('Which activity.') activityId!: string;
  @MomentOr('When it began; as planned when not said.') startsAt?: Date | null;
  @MomentOr('When it ended; as planned when not said.') endsAt?: Date | null;
  @OrOf(() => [RosterEntryInput], 'Who came and who did not.') roster?: RosterEntryInput[] | null;
  @OrOf(() => [HeldGroupInput], 'Groups as they were.') groups?: HeldGroupInput[] | null;
  @OrOf(() => ContactConditionsInput, 'Contact conditions as observed.') conditions?: ContactConditionsInput | null;
}

@InputType({ description: 'One activity as it was held.' })
export class RecordActivityHeldInput {
  @Id(COMMAND_ID) commandId!: string;
  @Of(() => HeldRecordInput, 'The record.') record!: HeldRecordInput;
}

@InputType({ description: 'Records made offline or imported, up to 200; each is accepted or refused on its own.' })
export class RecordActivitiesHeldInput {
  @Id(COMMAND_ID) commandId!: string;
  @Of(() => [HeldRecordInput], 'The records.') records!: HeldRecordInput[];
}

@InputType({ description: 'The record as it should have been, whole.' })
export class CorrectActivityInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity.') activityId!: string;
  @Of(() => ActivityOutcome, 'HELD, with the record; or DID_NOT_HAPPEN, with the reason.') outcome!: string;
  @TextOr('Why it did not take place.') reason?: string | null;
  @OrOf(() => HeldRecordInput, 'The record, when it was held.') record?: HeldRecordInput | null;
}

export const heldRecordOf = (row: HeldRecordInput): scheduling.HeldRecord => ({
  activityId: row.activityId,
  startsAt: row.startsAt ?? undefined,
  endsAt: row.endsAt ?? undefined,
  roster: (row.roster ?? []).map(({ participantId, status }) => ({ participantId, status })),
  groups: (row.groups ?? []).map(({ name, participantIds }) => ({ name, participantIds: [...participantIds] })),
  conditions: row.conditions
    ? {
        equalStatus: row.conditions.equalStatus ?? 0,
        commonGoal: row.conditions.commonGoal ?? 0,
        cooperation: row.conditions.cooperation ?? 0,
        supportOfAuthorities: row.conditions.supportOfAuthorities ?? 0,
      }
    : undefined,
});

export const newActivityOf = (row: NewActivityInput): scheduling.NewActivity => ({ ...row, place: row.place ?? '', cluster: row.cluster ?? '' });
