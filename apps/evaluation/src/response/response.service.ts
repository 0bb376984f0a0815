import { Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, isCode, type Refusal, refusalsAmong, refuseUuid, requireRole, type RowOutcome, throwIfRefused } from '@common-ground/kernel';
import { appendToOutbox, type NewFact } from '@common-ground/messaging';
import { Database, once, type Transaction } from '@common-ground/persistence';
import { markForRecomputation } from '../estimate/recomputation.repository.js';
import { getInstrumentsAmong } from '../instrument/instrument.repository.js';
import { Arrivals } from '../programme/arrivals.js';
import { findEnrolledAmong } from '../programme/programme.repository.js';
import { MAY_RUN_SURVEYS } from '../roles.js';
import { isOfEnrolled, type SurveyRound } from '../survey-round/domain/survey-round.js';
import { roundUnknown } from '../survey-round/domain/survey-round.errors.js';
import { findSurveyRound, lockSurveyRound } from '../survey-round/survey-round.repository.js';
import { refuseSubmission, type Submission, takeSubmissions, tidySubmission, type Verdict } from './domain/submission.js';
import { submissionRefused, tooManyAnswers } from './domain/submission.errors.js';
import { encodeSurveySubmitted } from './response.facts.js';
import { findRespondents, findSaid, insertAccepted, lockRespondents } from './response.repository.js';

export type SubmitResponse = Submission & { readonly commandId: string; readonly roundId: string };
export type SubmitResponses = { readonly commandId: string; readonly roundId: string; readonly submissions: readonly Submission[] };

export const ANSWERS_AT_MOST = 50_000;

type Work = { readonly roundId: string; readonly rows: readonly Submission[]; readonly caller: Caller; readonly quiet: boolean };

@Injectable()
export class ResponseService {
  constructor(
    private readonly database: Database,
    private readonly arrivals: Arrivals,
  ) {}

  /** @returns how many answers this respondent has given in the round */
  async submit({ commandId, ...command }: SubmitResponse, caller: Caller, quiet: boolean): Promise<number> {
    const row = tidySubmission(command);
    return this.inRound({ roundId: command.roundId, rows: [row], caller, quiet }, (tx, take) =>
      once(tx, { commandId, name: 'SubmitResponse', payload: command }, async () => {
        const { outcomes, said } = await take();
        const [outcome] = outcomes;
        if (outcome?.outcome === 'refused') throw submissionRefused(outcome);
        return said;
      }),
    );
  }

  /** Ten statements or so for up to 1,000 submissions; each is accepted, unchanged or refused on its own. */
  async submitBatch({ commandId, ...command }: SubmitResponses, caller: Caller, quiet: boolean): Promise<readonly RowOutcome[]> {
    checkBatchSize('submissions', command.submissions);
    if (command.submissions.reduce((sum, { answers }) => sum + answers.length, 0) > ANSWERS_AT_MOST) throw tooManyAnswers(ANSWERS_AT_MOST);
    const rows = command.submissions.map(tidySubmission);
    return this.inRound({ roundId: command.roundId, rows, caller, quiet }, (tx, take) =>
      once(tx, { commandId, name: 'SubmitResponses', payload: command }, async () => (await take()).outcomes),
    );
  }

  private async inRound<T>(work: Work, answer: (tx: Transaction, take: () => Promise<Taken>) => Promise<T>): Promise<T> {
    const { roundId, rows, caller, quiet } = work;
    requireRole(caller, ...MAY_RUN_SURVEYS);
    throwIfRefused(refusalsAmong(refuseUuid(['roundId'], roundId)));
    await this.awaitRespondents(work);
    return this.database.run(caller.scope, async (tx) => {
      // Before the stored answer is looked up, so that nobody gets an answer out of another mission; shared, so that closing waits.
      const round = await lockSurveyRound(tx, roundId, 'SHARE');
      if (!round) throw roundUnknown();
      let facts: readonly NewFact[] = [];
      const answered = await answer(tx, async () => {
        const taken = await take(tx, round, rows);
        facts = taken.accepted.map((one) => encodeSurveySubmitted(round, one, quiet));
        if (facts.length > 0) await markForRecomputation(tx, { ...round, quiet });
        return taken;
      });
      await appendToOutbox(tx, facts);
      return answered;
    });
  }

  private async awaitRespondents({ roundId, rows, caller }: Work): Promise<void> {
    const round = await this.database.read(caller.scope, (tx) => findSurveyRound(tx, roundId));
    if (!round) throw roundUnknown();
    if (isOfEnrolled(round.population)) await this.arrivals.participants(caller.scope, round.interventionId, codesOf(rows));
  }
}

/** `said`: answers that the first row's respondent has in the round afterwards. */
type Taken = Verdict & { readonly said: number };

const codesOf = (rows: readonly Submission[]): string[] => [...new Set(rows.map(({ respondent }) => respondent).filter(isCode))];

const take = async (tx: Transaction, round: SurveyRound, rows: readonly Submission[]): Promise<Taken> => {
  const [instrument] = await getInstrumentsAmong(tx, [round.instrumentId]);
  const enrolled = isOfEnrolled(round.population) ? await findEnrolledAmong(tx, round.interventionId, codesOf(rows)) : undefined;
  const judged = rows.map((row): Refusal | undefined => refuseSubmission({ items: instrument?.items ?? [], enrolled }, row));
  const sound = [...new Set(rows.filter((_, index) => !judged[index]).map(({ respondent }) => respondent))];
  const held = round.status === 'open' ? await lockRespondents(tx, round, sound) : await findRespondents(tx, round.id, sound);
  const before = await findSaid(tx, round.id, held);
  const verdict = takeSubmissions(round, rows, judged, before);
  if (verdict.accepted.length > 0) await insertAccepted(tx, round, verdict.accepted);
  const said = verdict.accepted[0]?.answersInRound ?? before.get(rows[0]?.respondent ?? '')?.answers.size ?? 0;
  return { ...verdict, said };
};
