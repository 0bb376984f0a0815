import type { Transaction } from '@common-ground/persistence';
import type { SurveyRound } from '../survey-round/domain/survey-round.js';
import type { Accepted, Said } from './domain/submission.js';

type Counted = { readonly respondent: string; readonly submissions: number };

/**
 * Takes hold of respondents in a round, those new to it as well, in one order so that nobody waits for one another in a ring.
 * What they said before is complete once this returns.
 */
export const lockRespondents = (tx: Transaction, { id, mission, interventionId }: SurveyRound, respondents: readonly string[]): Promise<Counted[]> =>
  tx.query<Counted>(
    `INSERT INTO respondent (round_id, respondent, mission, intervention_id, answers, submissions)
     SELECT $1::uuid, code, $2, $3::uuid, 0, 0 FROM unnest($4::text[]) AS code ORDER BY code COLLATE "C"
     ON CONFLICT (round_id, respondent) DO UPDATE SET answers = respondent.answers RETURNING respondent, submissions`,
    [id, mission, interventionId, respondents],
  );

export const findRespondents = (tx: Transaction, roundId: string, respondents: readonly string[]): Promise<Counted[]> =>
  tx.query<Counted>('SELECT respondent, submissions FROM respondent WHERE round_id = $1 AND respondent = ANY ($2::text[])', [roundId, respondents]);

/** What respondents said so far. */
export const findSaid = async (tx: Transaction, roundId: string, respondents: readonly Counted[]): Promise<ReadonlyMap<string, Said>> => {
  const said = new Map(respondents.map(({ respondent, submissions }) => [respondent, { answers: new Map<string, number>(), submissions }]));
  const rows = await tx.query<{ respondent: string; item: string; value: number }>('SELECT respondent, item, value FROM response WHERE round_id = $1 AND respondent = ANY ($2::text[])', [roundId, [...said.keys()]]);
  for (const { respondent, item, value } of rows) said.get(respondent)?.answers.set(item, value);
  return said;
};

/** Two statements for any number of submissions. */
export const insertAccepted = async (tx: Transaction, { id, mission, interventionId }: SurveyRound, accepted: readonly Accepted[]): Promise<void> => {
  const answers = accepted.flatMap(({ respondent, answers }) => answers.map((answer) => ({ respondent, ...answer })));
  await tx.query(
    `INSERT INTO response (round_id, respondent, item, value, mission, intervention_id)
     SELECT $1::uuid, respondent, item, value, $2, $3::uuid FROM unnest($4::text[], $5::text[], $6::double precision[]) AS answer (respondent, item, value)`,
    [id, mission, interventionId, answers.map(({ respondent }) => respondent), answers.map(({ item }) => item), answers.map(({ value }) => value)],
  );
  const last = [...new Map(accepted.map((one) => [one.respondent, one])).values()];
  await tx.query(
    `UPDATE respondent SET answers = counted.answers, submissions = counted.submissions
     FROM unnest($2::text[], $3::integer[], $4::integer[]) AS counted (respondent, answers, submissions)
     WHERE respondent.round_id = $1 AND respondent.respondent = counted.respondent`,
    [id, last.map(({ respondent }) => respondent), last.map(({ answersInRound }) => answersInRound), last.map(({ submissions }) => submissions)],
  );
};
