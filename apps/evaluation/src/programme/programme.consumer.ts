import { Ctx, Payload } from '@nestjs/microservices';
import { Facts, type registry } from '@common-ground/contracts';
import { ConsumesFacts, type Fact, type FactContext, HandlesFact } from '@common-ground/messaging';
import { markForRecomputation } from '../estimate/recomputation.repository.js';
import { keepIntervention, keepMission, keepParticipant, keepWithdrawal } from './programme.repository.js';

/** Keeps of the registry's facts what surveys need, so that no other service is asked. */
@ConsumesFacts()
export class ProgrammeConsumer {
  @HandlesFact(Facts.MissionRegistered.type)
  async keepMissionWhenRegistered(@Payload() { data }: Fact<registry.MissionRegistered>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepMission(tx, data.mission);
  }

  @HandlesFact(Facts.InterventionDesigned.type)
  async keepInterventionWhenDesigned(@Payload() { data, sequence }: Fact<registry.InterventionDesigned>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepIntervention(tx, { id: data.interventionId, mission: data.mission, design: data.design }, sequence);
  }

  /** Another design allows another claim. */
  @HandlesFact(Facts.InterventionRevised.type)
  async reconsiderEstimatesWhenRevised(@Payload() { data, sequence }: Fact<registry.InterventionRevised>, @Ctx() { tx, quiet }: FactContext): Promise<void> {
    const { interventionId: id, mission, design } = data;
    if (await keepIntervention(tx, { id, mission, design }, sequence)) await markForRecomputation(tx, { mission, interventionId: id, quiet });
  }

  @HandlesFact(Facts.ParticipantEnrolled.type)
  async keepParticipantWhenEnrolled(@Payload() { data }: Fact<registry.ParticipantEnrolled>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepParticipant(tx, data);
  }

  /** Their answers stay. */
  @HandlesFact(Facts.ParticipantWithdrawn.type)
  async keepWithdrawalWhenWithdrawn(@Payload() { data }: Fact<registry.ParticipantWithdrawn>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepWithdrawal(tx, data);
  }
}
