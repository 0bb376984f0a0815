import { Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, isUuid, LIMITS, pageOf, type PageInfo, type PageRequest, readPage, refusalsAmong, refuseCode, refuseUuid, requireRole, throwIfRefused } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import { Database, once, type Transaction } from '@common-ground/persistence';
import { instrumentUnknown } from '../instrument/domain/instrument.errors.js';
import { getInstrumentsAmong } from '../instrument/instrument.repository.js';
import { checkFilter, requireCursor } from '../list-filter.js';
import { Arrivals } from '../programme/arrivals.js';
import { MAY_READ, MAY_RUN_SURVEYS } from '../roles.js';
import { checkSurveyRound, closeSurveyRound, type Decision, openSurveyRound, type OpenSurveyRound } from './domain/survey-round.js';
import { roundCodeOpen, roundIdTaken, roundUnknown } from './domain/survey-round.errors.js';
import { encodeSurveyRoundFact } from './survey-round.facts.js';
import { type CountedRound, getSurveyRoundsAmong, insertSurveyRound, listSurveyRounds, lockSurveyRound, type SurveyRoundFilter, updateStatus } from './survey-round.repository.js';

type Command<T> = T & { readonly commandId: string };

@Injectable()
export class SurveyRoundService {
  constructor(
    private readonly database: Database,
    private readonly arrivals: Arrivals,
  ) {}

  async open({ commandId, ...command }: Command<OpenSurveyRound>, caller: Caller, quiet: boolean): Promise<CountedRound> {
    requireRole(caller, ...MAY_RUN_SURVEYS);
    const checked = checkSurveyRound(command);
    const { mission } = await this.arrivals.intervention(caller.scope, checked.interventionId);
    return this.database.run(caller.scope, (tx) =>
      answered(tx, { commandId, name: 'OpenSurveyRound', payload: command, quiet }, async () => {
        const [instrument] = await getInstrumentsAmong(tx, [checked.instrumentId]);
        if (instrument?.mission !== mission) throw instrumentUnknown();
        const decision = openSurveyRound(checked, mission);
        const taken = await insertSurveyRound(tx, decision.state);
        if (taken) throw taken === 'code' ? roundCodeOpen(checked.code) : roundIdTaken();
        return decision;
      }),
    );
  }

  async close({ commandId, ...command }: Command<{ readonly roundId: string }>, caller: Caller, quiet: boolean): Promise<CountedRound> {
    requireRole(caller, ...MAY_RUN_SURVEYS);
    throwIfRefused(refusalsAmong(refuseUuid(['roundId'], command.roundId)));
    return this.database.run(caller.scope, async (tx) => {
      const current = await lockSurveyRound(tx, command.roundId, 'UPDATE');
      if (!current) throw roundUnknown();
      return answered(tx, { commandId, name: 'CloseSurveyRound', payload: command, quiet }, async () => {
        const decision = closeSurveyRound(current);
        if (decision.facts.length > 0) await updateStatus(tx, decision.state);
        return decision;
      });
    });
  }

  async list(request: PageRequest | undefined, filter: SurveyRoundFilter, caller: Caller): Promise<{ rounds: readonly CountedRound[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_READ);
    checkFilter({ interventionIds: filter.interventionIds, codes: filter.codes }, { interventionIds: refuseUuid, codes: refuseCode });
    const page = readPage(request, 3);
    requireCursor(page, ([intervention = '', , id = '']) => isUuid(intervention) && isUuid(id));
    const { rows, total } = await this.database.read(caller.scope, (tx) => listSurveyRounds(tx, filter, page));
    const { rows: rounds, pageInfo } = pageOf(rows, page, total, ({ interventionId, code, id }) => [interventionId, code, id]);
    return { rounds, pageInfo };
  }

  /** Those unknown or out of scope are left out. */
  async getAmong(ids: readonly string[], caller: Caller): Promise<readonly CountedRound[]> {
    requireRole(caller, ...MAY_READ);
    checkBatchSize('ids', ids, LIMITS.batchIds);
    return this.database.read(caller.scope, (tx) => getSurveyRoundsAmong(tx, ids.filter(isUuid)));
  }
}

/** The state a command led to, now or when it first came; its facts go to the outbox last. */
const answered = async (tx: Transaction, { quiet, ...command }: { commandId: string; name: string; payload: unknown; quiet: boolean }, decide: () => Promise<Decision>): Promise<CountedRound> => {
  let facts: readonly NewFact[] = [];
  const stored = await once(tx, command, async () => {
    const { state, facts: told } = await decide();
    facts = told.map((fact) => encodeSurveyRoundFact(fact, quiet));
    const [counted] = await getSurveyRoundsAmong(tx, [state.id]);
    return counted ?? { ...state, respondents: 0, answers: 0 };
  });
  await appendToOutbox(tx, facts);
  return stored;
};
