import { Ctx, Payload } from '@nestjs/microservices';
import { Facts, type registry } from '@common-ground/contracts';
import { ConsumesFacts, type Fact, type FactContext, HandlesFact } from '@common-ground/messaging';
import { keepIntervention, keepMission, keepParticipant, keepWithdrawal } from './knowledge.repository.js';

/** Keeps what scheduling needs to know of missions, interventions and participants. */
@ConsumesFacts()
export class KnowledgeConsumer {
  @HandlesFact(Facts.MissionRegistered.type)
  async keepTimeZoneWhenMissionRegistered(@Payload() { data }: Fact<registry.MissionRegistered>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepMission(tx, data.mission, data.timeZone);
  }

  @HandlesFact(Facts.InterventionDesigned.type)
  async keepInterventionWhenDesigned(@Payload() { data, sequence }: Fact<registry.InterventionDesigned>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepIntervention(tx, { ...data, id: data.interventionId, version: sequence });
  }

  @HandlesFact(Facts.InterventionRevised.type)
  async keepInterventionWhenRevised(@Payload() { data, sequence }: Fact<registry.InterventionRevised>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepIntervention(tx, { ...data, id: data.interventionId, version: sequence });
  }

  @HandlesFact(Facts.ParticipantEnrolled.type)
  async keepProfileWhenParticipantEnrolled(@Payload() { data }: Fact<registry.ParticipantEnrolled>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepParticipant(tx, { ...data, id: data.participantId });
  }

  @HandlesFact(Facts.ParticipantWithdrawn.type)
  async keepDayWhenParticipantWithdrew(@Payload() { data, time }: Fact<registry.ParticipantWithdrawn>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepWithdrawal(tx, { ...data, id: data.participantId, withdrawnAt: time });
  }
}
