import { InputType, IntersectionType, ObjectType } from '@nestjs/graphql';
import type { registry } from '@common-ground/contracts';
import { InterventionDesign, InterventionKind, Modality } from '../graphql/enums.js';
import { COMMAND_ID, CREATED_ID, Day, Id, Moment, moment, Of, OrOf, said, Text, TextOr, Texts, TextsOr, Whole } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { payloadOf } from '../graphql/user-error.js';

@ObjectType({ description: 'A funded set of activities with an aim, sides to bring together, and dates.' })
export class Intervention {
  @Id('Its id.') id!: string;
  missionCode!: string;
  @Text('Its code, one of its kind within the mission.') code!: string;
  @Text('Its title.') title!: string;
  @Of(() => InterventionKind, 'What people do together.') kind!: string;
  @Of(() => [Modality], 'How they meet.') modalities!: string[];
  @Day('First day, in the mission’s time zone.') startsOn!: string;
  @Day('Last day, in the mission’s time zone.') endsOn!: string;
  @TextOr('What it is for.') aim!: string | null;
  @Of(() => InterventionDesign, 'What outcomes can be compared with.') design!: string;
  @TextOr('What was assigned to arms, in the mission’s words.') assignmentUnit!: string | null;
  @Texts('The sides it brings together.') sides!: string[];
  @Moment('When it was designed.') designedAt!: Date;
  @Whole('Counts its revisions.') version!: number;
}

export const interventionOf = (row: registry.Intervention): Intervention => ({
  ...row,
  missionCode: row.mission,
  aim: said(row.aim),
  design: row.design || 'none',
  assignmentUnit: said(row.assignmentUnit),
  designedAt: moment(row.designedAt),
});

export const InterventionConnection = connectionOf(Intervention, 'Intervention', 'interventions');
export const DesignInterventionPayload = payloadOf('DesignInterventionPayload', Intervention, 'intervention', 'The intervention as designed.');
export const ReviseInterventionPayload = payloadOf('ReviseInterventionPayload', Intervention, 'intervention', 'The intervention as it is now.');

@InputType({ description: 'Which interventions.' })
export class InterventionFilter {
  @TextsOr('Codes of missions; all in scope when not said.') missions?: string[] | null;
  @OrOf(() => [InterventionKind], 'Kinds; all when not said.') kinds?: string[] | null;
  @TextsOr('Exact codes; all when not said.') codes?: string[] | null;
}

@InputType({ isAbstract: true })
class DesignFields {
  @Text('Its title, up to 200 characters.') title!: string;
  @Of(() => InterventionKind, 'What people do together.') kind!: string;
  @Of(() => [Modality], 'How they meet, one way at least.') modalities!: string[];
  @Day('First day, in the mission’s time zone.') startsOn!: string;
  @Day('Last day, not before the first.') endsOn!: string;
  @TextOr('What it is for.') aim?: string | null;
  @OrOf(() => InterventionDesign, 'What outcomes can be compared with; NONE when not said.') design?: string | null;
  @TextOr('What was assigned to arms, in the mission’s words, e.g. platform and train.') assignmentUnit?: string | null;
  @TextsOr('The sides it brings together; migrant and host when not said.') sides?: string[] | null;
}

@InputType({ isAbstract: true })
class NewDesignFields {
  @Id(COMMAND_ID) commandId!: string;
  @Id(CREATED_ID) id!: string;
  @Text('Code of the mission.') mission!: string;
  @Text('A code, up to 64 characters, new within the mission.') code!: string;
}

@InputType({ isAbstract: true })
class RevisedDesignFields {
  @Id(COMMAND_ID) commandId!: string;
  @Id('The intervention’s id.') id!: string;
}

@InputType({ description: 'A new intervention.' })
export class DesignInterventionInput extends IntersectionType(NewDesignFields, DesignFields) {}

@InputType({ description: 'The whole design as it shall be; mission and code cannot change.' })
export class ReviseInterventionInput extends IntersectionType(RevisedDesignFields, DesignFields) {}

export const designFieldsOf = ({ aim, design, assignmentUnit, sides, ...rest }: ReviseInterventionInput) => ({
  ...rest,
  aim: aim ?? '',
  design: design ?? '',
  assignmentUnit: assignmentUnit ?? '',
  sides: sides ?? [],
});
