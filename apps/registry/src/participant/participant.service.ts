import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, pageOf, type PageInfo, type PageRequest, readPage, refusalsAmong, refuseCode, refuseOneOf, refuseUuid, requireRole, type RowOutcome, throwIfRefused } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import { Database, once } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { interventionUnknown } from '../intervention/domain/intervention.errors.js';
import { getInterventionsAmong, lockIntervention } from '../intervention/intervention.repository.js';
import { MAY_RUN_PROGRAMMES, MAY_SEE_PARTICIPANTS } from '../roles.js';
import { enrolParticipants, exceptTaken, tidyRow } from './domain/enrolment.js';
import { type NewParticipant, type Participant, type WithdrawnParticipant, withdrawParticipant } from './domain/participant.js';
import { participantUnknown } from './domain/participant.errors.js';
import { STATUSES } from './domain/terms.js';
import { encodeParticipantFact } from './participant.facts.js';
import { findPresent, insertParticipants, listParticipants, lockParticipant, type ParticipantFilter, updateWithdrawn } from './participant.repository.js';

export type EnrolParticipants = { readonly commandId: string; readonly interventionId: string; readonly participants: readonly NewParticipant[] };
export type WithdrawParticipant = { readonly commandId: string; readonly participantId: string; readonly reason: string };

@Injectable()
export class ParticipantService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Six statements for up to 1,000 people. */
  async enrol({ commandId, ...command }: EnrolParticipants, caller: Caller, quiet: boolean): Promise<readonly RowOutcome[]> {
    requireRole(caller, ...MAY_RUN_PROGRAMMES);
    throwIfRefused(refusalsAmong(refuseUuid(['interventionId'], command.interventionId)));
    checkBatchSize('participants', command.participants);
    const rows = command.participants.map(tidyRow);
    return this.database.run(caller.scope, async (tx) => {
      // The lock makes batches of one intervention take turns, so that a cluster cannot come into two arms.
      const intervention = await lockIntervention(tx, command.interventionId);
      if (!intervention) throw interventionUnknown(['interventionId']);
      let facts: readonly NewFact[] = [];
      const outcomes = await once(tx, { commandId, name: 'EnrolParticipants', payload: command }, async () => {
        const present = await findPresent(tx, intervention.id, rows);
        const decided = enrolParticipants(intervention, rows, present, this.clock.now());
        const written = exceptTaken(decided, rows, await insertParticipants(tx, decided.state));
        facts = written.facts.map((fact) => encodeParticipantFact(fact, quiet));
        return written.outcomes;
      });
      await appendToOutbox(tx, facts);
      return outcomes;
    });
  }

  async withdraw({ commandId, ...command }: WithdrawParticipant, caller: Caller, quiet: boolean): Promise<Participant> {
    requireRole(caller, ...MAY_RUN_PROGRAMMES);
    throwIfRefused(refusalsAmong(refuseUuid(['participantId'], command.participantId)));
    return this.database.run(caller.scope, async (tx) => {
      const current = await lockParticipant(tx, command.participantId);
      if (!current) throw participantUnknown();
      let facts: readonly NewFact[] = [];
      const stored = await once(tx, { commandId, name: 'WithdrawParticipant', payload: command }, async () => {
        const decision = withdrawParticipant(current, command.reason, this.clock.now());
        if (decision.facts.length > 0) await updateWithdrawn(tx, decision.state);
        facts = decision.facts.map((fact) => encodeParticipantFact(fact, quiet));
        return decision.state;
      });
      await appendToOutbox(tx, facts);
      return revived(stored);
    });
  }

  async list(request: PageRequest | undefined, filter: ParticipantFilter, caller: Caller): Promise<{ participants: readonly Participant[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_SEE_PARTICIPANTS);
    throwIfRefused(
      refusalsAmong(
        refuseUuid(['interventionId'], filter.interventionId),
        filter.side !== '' && refuseCode(['side'], filter.side),
        filter.status !== '' && refuseOneOf(['status'], filter.status, STATUSES),
      ),
    );
    const page = readPage(request, 1);
    const { rows, total } = await this.database.read(caller.scope, async (tx) => {
      const [intervention] = await getInterventionsAmong(tx, [filter.interventionId]);
      if (!intervention) throw interventionUnknown(['interventionId']);
      return listParticipants(tx, filter, page);
    });
    const { rows: participants, pageInfo } = pageOf(rows, page, total, ({ code }) => [code]);
    return { participants, pageInfo };
  }
}

/** A stored answer is JSON: its moments come back as text. */
const revived = (stored: WithdrawnParticipant): Participant => ({ ...stored, enrolledAt: new Date(stored.enrolledAt), withdrawnAt: new Date(stored.withdrawnAt) });
