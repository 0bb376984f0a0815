import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, isUuid, LIMITS, pageOf, type PageInfo, type PageRequest, readPage, refuseCode, refuseOneOf, refuseUuid, requireRole, refusalsAmong, throwIfRefused } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import { Database, once, type Transaction } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { missionUnknown } from '../mission/domain/mission.errors.js';
import { findMission } from '../mission/mission.repository.js';
import { MAY_READ, MAY_RUN_PROGRAMMES } from '../roles.js';
import { type Decision, designIntervention, type DesignIntervention, type Intervention, reviseIntervention, type ReviseIntervention } from './domain/intervention.js';
import { interventionExists, interventionUnknown } from './domain/intervention.errors.js';
import { KINDS } from './domain/terms.js';
import { encodeInterventionFact } from './intervention.facts.js';
import { findEnrolled, getInterventionsAmong, insertIntervention, type InterventionFilter, listInterventions, lockIntervention, updateIntervention } from './intervention.repository.js';

type Command<T> = T & { readonly commandId: string };

@Injectable()
export class InterventionService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async design({ commandId, ...command }: Command<DesignIntervention>, caller: Caller, quiet: boolean): Promise<Intervention> {
    requireRole(caller, ...MAY_RUN_PROGRAMMES);
    const decision = designIntervention(command, this.clock.now());
    return this.database.run(caller.scope, async (tx) => {
      // Before the stored answer is looked up, so that nobody gets an answer out of another mission.
      if (!(await findMission(tx, command.mission))) throw missionUnknown(command.mission);
      return answered(tx, { commandId, name: 'DesignIntervention', payload: command, quiet }, async () => {
        const taken = await insertIntervention(tx, decision.state);
        if (taken) throw interventionExists(taken, decision.state[taken]);
        return decision;
      });
    });
  }

  async revise({ commandId, ...command }: Command<ReviseIntervention>, caller: Caller, quiet: boolean): Promise<Intervention> {
    requireRole(caller, ...MAY_RUN_PROGRAMMES);
    throwIfRefused(refusalsAmong(refuseUuid(['id'], command.id)));
    return this.database.run(caller.scope, async (tx) => {
      const current = await lockIntervention(tx, command.id);
      if (!current) throw interventionUnknown(['id']);
      return answered(tx, { commandId, name: 'ReviseIntervention', payload: command, quiet }, async () => {
        const decision = reviseIntervention(current, command, await findEnrolled(tx, current.id));
        if (decision.facts.length > 0) await updateIntervention(tx, decision.state);
        return decision;
      });
    });
  }

  async list(request: PageRequest | undefined, filter: InterventionFilter, caller: Caller): Promise<{ interventions: readonly Intervention[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_READ);
    checkFilter(filter);
    const page = readPage(request, 2);
    const { rows, total } = await this.database.read(caller.scope, (tx) => listInterventions(tx, filter, page));
    const { rows: interventions, pageInfo } = pageOf(rows, page, total, ({ mission, code }) => [mission, code]);
    return { interventions, pageInfo };
  }

  /** Those unknown or out of scope are left out. */
  async getAmong(ids: readonly string[], caller: Caller): Promise<readonly Intervention[]> {
    requireRole(caller, ...MAY_READ);
    checkBatchSize('ids', ids, LIMITS.batchIds);
    return this.database.read(caller.scope, (tx) => getInterventionsAmong(tx, ids.filter(isUuid)));
  }
}

const checkFilter = ({ missions, kinds, codes }: InterventionFilter): void => {
  const filters = Object.entries({ missions, kinds, codes });
  for (const [path, values] of filters) if (values.length > 0) checkBatchSize(path, values, LIMITS.batchIds);
  throwIfRefused([
    ...kinds.flatMap((kind, index) => refusalsAmong(refuseOneOf(['kinds', String(index)], kind, KINDS))),
    ...[...missions.entries()].flatMap(([index, mission]) => refusalsAmong(refuseCode(['missions', String(index)], mission))),
    ...[...codes.entries()].flatMap(([index, code]) => refusalsAmong(refuseCode(['codes', String(index)], code))),
  ]);
};

/** The state a command led to, now or when it first came; its facts go to the outbox last. */
const answered = async (tx: Transaction, { quiet, ...command }: { commandId: string; name: string; payload: unknown; quiet: boolean }, decide: () => Promise<Decision>): Promise<Intervention> => {
  let facts: readonly NewFact[] = [];
  const stored = await once(tx, command, async () => {
    const decision = await decide();
    facts = decision.facts.map((fact) => encodeInterventionFact(fact, quiet));
    return decision.state;
  });
  await appendToOutbox(tx, facts);
  return { ...stored, designedAt: new Date(stored.designedAt) };
};
