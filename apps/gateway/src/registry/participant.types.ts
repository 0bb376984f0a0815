import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { registry } from '@common-ground/contracts';
import { COMMAND_ID, CREATED_ID, Id, Moment, moment, MomentOr, momentOr, Of, said, Text, TextOr, Texts, TextsOr } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { batchPayloadOf, payloadOf } from '../graphql/user-error.js';

@ObjectType({ description: 'A person enrolled in an intervention under a pseudonymous code.' })
export class Participant {
  @Id('Their id.') id!: string;
  @Field(() => ID, { description: 'The intervention they are enrolled in.' }) interventionId!: string;
  @Text('The code they are known under.') code!: string;
  @Text('The side they belong to: migrant, host, or one of the mission’s own.') side!: string;
  @TextOr('0-4, 5-12, 13-17, 18-24, 25-34, 35-49, 50-64 or 65+; null when not said.') ageBand!: string | null;
  @TextOr('woman, man or other; null when not said.') gender!: string | null;
  @Texts('BCP 47.') languages!: string[];
  @TextOr('Contact with the other side before: none, some or regular; null when not said.') priorContact!: string | null;
  @TextOr('treatment or comparison; null when the design has no arms.') arm!: string | null;
  @TextOr('The unit that was assigned to an arm.') cluster!: string | null;
  @TextOr('The block within which assignment was made.') stratum!: string | null;
  @Text('enrolled or withdrawn.') status!: string;
  @Moment('When they were enrolled.') enrolledAt!: Date;
  @MomentOr('When they left.') withdrawnAt!: Date | null;
}

export const participantOf = (row: registry.Participant): Participant => ({
  ...row,
  ageBand: said(row.ageBand),
  gender: said(row.gender),
  priorContact: said(row.priorContact),
  arm: said(row.arm),
  cluster: said(row.cluster),
  stratum: said(row.stratum),
  enrolledAt: moment(row.enrolledAt),
  withdrawnAt: momentOr(row.withdrawnAt),
});

export const ParticipantConnection = connectionOf(Participant, 'Participant', 'participants');
export const EnrolParticipantsPayload = batchPayloadOf('EnrolParticipantsPayload');
export const WithdrawParticipantPayload = payloadOf('WithdrawParticipantPayload', Participant, 'participant', 'The participant as withdrawn.');

@InputType({ description: 'A person to enrol. No names, no contact details.' })
export class NewParticipantInput {
  @Id(CREATED_ID) id!: string;
  @Text('A pseudonymous code, new within the intervention.') code!: string;
  @Text('One of the intervention’s sides.') side!: string;
  @TextOr('0-4, 5-12, 13-17, 18-24, 25-34, 35-49, 50-64 or 65+.') ageBand?: string | null;
  @TextOr('woman, man or other.') gender?: string | null;
  @TextsOr('BCP 47.') languages?: string[] | null;
  @TextOr('none, some or regular.') priorContact?: string | null;
  @TextOr('treatment or comparison, when the design has arms.') arm?: string | null;
  @TextOr('The unit that was assigned to an arm.') cluster?: string | null;
  @TextOr('The block within which assignment was made.') stratum?: string | null;
}

@InputType({ description: 'People to enrol, up to 1,000; each row is accepted or refused on its own.' })
export class EnrolParticipantsInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('The intervention.') interventionId!: string;
  @Of(() => [NewParticipantInput], 'The people.') participants!: NewParticipantInput[];
}

@InputType({ description: 'A person leaves the intervention.' })
export class WithdrawParticipantInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Who.') participantId!: string;
  @Text('moved-away, lost-interest, no-time, felt-unwelcome, safety or other.') reason!: string;
}

export const newParticipantOf = (row: NewParticipantInput): registry.NewParticipant => ({
  id: row.id,
  code: row.code,
  side: row.side,
  ageBand: row.ageBand ?? '',
  gender: row.gender ?? '',
  languages: row.languages ?? [],
  priorContact: row.priorContact ?? '',
  arm: row.arm ?? '',
  cluster: row.cluster ?? '',
  stratum: row.stratum ?? '',
});
