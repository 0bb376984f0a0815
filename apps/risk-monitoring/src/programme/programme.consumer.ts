import { Ctx, Payload } from '@nestjs/microservices';
import { Facts, type registry } from '@common-ground/contracts';
import { ConsumesFacts, type Fact, type FactContext, HandlesFact } from '@common-ground/messaging';
import { nameSubject } from '../flag/flag.repository.js';
import { keepIntervention, keepMission } from './programme.repository.js';

@ConsumesFacts()
export class ProgrammeConsumer {
  @HandlesFact(Facts.MissionRegistered.type)
  async keepMissionWhenRegistered(@Payload() { data }: Fact<registry.MissionRegistered>, @Ctx() { tx }: FactContext): Promise<void> {
    await keepMission(tx, data.mission);
  }

  @HandlesFact(Facts.InterventionDesigned.type)
  async keepInterventionWhenDesigned(@Payload() { data }: Fact<registry.InterventionDesigned>, @Ctx() { tx }: FactContext): Promise<void> {
    await this.keep(tx, data);
  }

  @HandlesFact(Facts.InterventionRevised.type)
  async keepInterventionWhenRevised(@Payload() { data }: Fact<registry.InterventionRevised>, @Ctx() { tx }: FactContext): Promise<void> {
    await this.keep(tx, data);
  }

  private async keep(tx: FactContext['tx'], { interventionId: id, mission, code, title }: registry.InterventionDesigned): Promise<void> {
    await keepIntervention(tx, { id, mission, code, title });
    await nameSubject(tx, id, code);
  }
}
