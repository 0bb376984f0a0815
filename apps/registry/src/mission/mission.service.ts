import { Inject, Injectable } from '@nestjs/common';
import { type Caller, LIMITS, checkBatchSize, isMissionCode, pageOf, type PageInfo, type PageRequest, readPage, requireRole } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import { Database, once } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { MAY_READ, MAY_REGISTER_MISSIONS } from '../roles.js';
import { type Mission, registerMission, type RegisterMission } from './domain/mission.js';
import { missionExists } from './domain/mission.errors.js';
import { encodeMissionFact } from './mission.facts.js';
import { getMissionsAmong, insertMission, listMissions } from './mission.repository.js';

@Injectable()
export class MissionService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async register({ commandId, ...command }: RegisterMission & { readonly commandId: string }, caller: Caller, quiet: boolean): Promise<Mission> {
    requireRole(caller, ...MAY_REGISTER_MISSIONS);
    const { state, facts } = registerMission(command, this.clock.now());
    const told: readonly NewFact[] = facts.map((fact) => encodeMissionFact(fact, quiet));
    const answer = await this.database.run(caller.scope, async (tx) => {
      let unpublished: readonly NewFact[] = [];
      const stored = await once(tx, { commandId, name: 'RegisterMission', payload: command }, async () => {
        if (!(await insertMission(tx, state))) throw missionExists(state.mission);
        unpublished = told;
        return state;
      });
      await appendToOutbox(tx, unpublished);
      return stored;
    });
    return { ...answer, registeredAt: new Date(answer.registeredAt) };
  }

  async list(request: PageRequest | undefined, caller: Caller): Promise<{ missions: readonly Mission[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_READ);
    const page = readPage(request, 1);
    const { rows, total } = await this.database.read(caller.scope, (tx) => listMissions(tx, page));
    const { rows: missions, pageInfo } = pageOf(rows, page, total, ({ mission }) => [mission]);
    return { missions, pageInfo };
  }

  /** Those unknown or out of scope are left out. */
  async getAmong(missions: readonly string[], caller: Caller): Promise<readonly Mission[]> {
    requireRole(caller, ...MAY_READ);
    checkBatchSize('missions', missions, LIMITS.batchIds);
    return this.database.read(caller.scope, (tx) => getMissionsAmong(tx, missions.filter(isMissionCode)));
  }
}
