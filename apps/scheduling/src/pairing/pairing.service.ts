import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, LIMITS, pageOf, type PageInfo, type PageRequest, readPage, refusalsAmong, refuseDate, refuseOneOf, refuseUuid, requireRole, throwIfRefused } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import type { PairingResult } from '@common-ground/grouping';
import { Database, once, type Transaction } from '@common-ground/persistence';
import { dayOf } from '../activity/domain/calendar.js';
import { CLOCK, type Clock } from '../clock.js';
import { findParticipants, findSettings, lockIntervention } from '../knowledge/knowledge.repository.js';
import { KnowledgeService } from '../knowledge/knowledge.service.js';
import { MAY_RECORD, MAY_SEE_PEOPLE } from '../roles.js';
import { checkIn, type CheckIn, type Decision, endPairing, isRefused, type NewPairing, type Pairing, startAgain, startPairing } from './domain/pairing.js';
import { errorOf, pairingRefusals } from './domain/pairing.errors.js';
import { proposePairings, type Proposal } from './domain/proposing.js';
import { encodePairingFact } from './pairing.facts.js';
import { findActiveOf, findAllOf, insertPairing, listPairings, lockPairing, type PairingFilter, updatePairing } from './pairing.repository.js';

type Command<T> = T & { readonly commandId: string };
type Asked = { readonly caller: Caller; readonly quiet: boolean };

@Injectable()
export class PairingService {
  constructor(
    private readonly database: Database,
    private readonly knowledge: KnowledgeService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async start({ commandId, ...command }: Command<NewPairing>, { caller, quiet }: Asked): Promise<Pairing> {
    requireRole(caller, ...MAY_RECORD);
    const { pairingId, interventionId, supporterId, supportedId } = command;
    throwIfRefused(refusalsAmong(refuseUuid(['pairingId'], pairingId), refuseUuid(['interventionId'], interventionId), refuseUuid(['supporterId'], supporterId), refuseUuid(['supportedId'], supportedId)));
    await this.knowledge.awaitIntervention(caller.scope, interventionId);
    await this.knowledge.awaitParticipants(caller.scope, [supporterId, supportedId]);
    return this.database.run(caller.scope, async (tx) => {
      // One at a time in an intervention, so that nobody is paired twice at once.
      await lockIntervention(tx, interventionId);
      const setting = (await findSettings(tx, [interventionId])).get(interventionId);
      if (!setting) throw errorOf([pairingRefusals.interventionUnknown()]);
      const people = await findParticipants(tx, [supporterId, supportedId]);
      return this.settle(tx, { commandId, name: 'StartPairing', payload: command }, quiet, async () => {
        const there = await lockPairing(tx, pairingId);
        if (there) return startAgain(there, command);
        const decision = startPairing(command, { mission: setting.mission, startsOn: setting.startsOn, supporter: people.get(supporterId), supported: people.get(supportedId), standing: await findActiveOf(tx, interventionId, supportedId) });
        return isRefused(decision) || (await insertPairing(tx, decision.state)) ? decision : { refusals: [pairingRefusals.idTaken()] };
      });
    });
  }

  async checkIn({ commandId, ...command }: Command<CheckIn & { readonly pairingId: string }>, asked: Asked): Promise<Pairing> {
    return this.step({ commandId, name: 'CheckInPairing', payload: command, pairingId: command.pairingId }, asked, (current, today) => checkIn(current, command, today));
  }

  async end({ commandId, ...command }: Command<{ readonly pairingId: string; readonly endedOn: string; readonly reason: string }>, asked: Asked): Promise<Pairing> {
    return this.step({ commandId, name: 'EndPairing', payload: command, pairingId: command.pairingId }, asked, (current, today) => endPairing(current, command, today));
  }

  /** People stand in pairings by id: only for those who see rosters. */
  async list(request: PageRequest | undefined, filter: PairingFilter, caller: Caller): Promise<{ pairings: readonly Pairing[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_SEE_PEOPLE);
    for (const [path, values] of Object.entries(filter)) if (values.length > 0) checkBatchSize(path, values, LIMITS.batchIds);
    throwIfRefused([
      ...filter.interventionIds.flatMap((id, index) => refusalsAmong(refuseUuid(['interventionIds', String(index)], id))),
      ...filter.statuses.flatMap((status, index) => refusalsAmong(refuseOneOf(['statuses', String(index)], status, ['active', 'ended']))),
    ]);
    const page = readPage(request, 2);
    const [startsOn = '', id = ''] = page.after ?? [];
    if (page.after) throwIfRefused(refusalsAmong(refuseDate(['page', 'after'], startsOn), refuseUuid(['page', 'after'], id)));
    const { rows, total } = await this.database.read(caller.scope, (tx) => listPairings(tx, filter, page));
    const { rows: pairings, pageInfo } = pageOf(rows, page, total, (row) => [row.startsOn, row.id]);
    return { pairings, pageInfo };
  }

  /** Who would fit whom; reads only. */
  async propose(proposal: Proposal, caller: Caller): Promise<PairingResult> {
    requireRole(caller, ...MAY_RECORD);
    const ids = [...proposal.supporters, ...proposal.supported].map(({ participantId }) => participantId);
    throwIfRefused(refusalsAmong(refuseUuid(['interventionId'], proposal.interventionId), ...(['supporters', 'supported'] as const).flatMap((side) => proposal[side].map(({ participantId }, index) => refuseUuid([side, String(index), 'participantId'], participantId)))));
    await this.knowledge.awaitIntervention(caller.scope, proposal.interventionId);
    await this.knowledge.awaitParticipants(caller.scope, ids);
    const known = await this.database.read(caller.scope, async (tx) => ({
      setting: (await findSettings(tx, [proposal.interventionId])).get(proposal.interventionId),
      people: await findParticipants(tx, ids),
      pairings: await findAllOf(tx, proposal.interventionId),
    }));
    if (!known.setting) throw errorOf([pairingRefusals.interventionUnknown()]);
    const result = proposePairings(proposal, known.people, known.pairings, dayOf(this.clock.now(), known.setting.timeZone));
    if ('refusals' in result) throw errorOf(result.refusals);
    return result;
  }

  private async step({ commandId, name, payload, pairingId }: { readonly commandId: string; readonly name: string; readonly payload: object; readonly pairingId: string }, { caller, quiet }: Asked, decide: (current: Pairing, today: string) => Decision): Promise<Pairing> {
    requireRole(caller, ...MAY_RECORD);
    throwIfRefused(refusalsAmong(refuseUuid(['pairingId'], pairingId)));
    return this.database.run(caller.scope, async (tx) => {
      // Before the stored answer is looked up, so that nobody gets an answer out of another mission.
      const current = await lockPairing(tx, pairingId);
      const setting = current && (await findSettings(tx, [current.interventionId])).get(current.interventionId);
      if (!current || !setting) throw errorOf([pairingRefusals.unknown()]);
      return this.settle(tx, { commandId, name, payload }, quiet, async () => {
        const decision = decide(current, dayOf(this.clock.now(), setting.timeZone));
        if (!isRefused(decision) && decision.facts.length > 0) await updatePairing(tx, decision.state);
        return decision;
      });
    });
  }

  /** Decided, answered and told once; again gets the stored answer. */
  private async settle(tx: Transaction, command: { readonly commandId: string; readonly name: string; readonly payload: object }, quiet: boolean, decide: () => Promise<Decision>): Promise<Pairing> {
    let facts: readonly NewFact[] = [];
    const stored = await once(tx, command, async () => {
      const decision = await decide();
      if (isRefused(decision)) throw errorOf(decision.refusals);
      facts = decision.facts.map((fact) => encodePairingFact(fact, quiet));
      return decision.state;
    });
    await appendToOutbox(tx, facts);
    return stored;
  }
}
