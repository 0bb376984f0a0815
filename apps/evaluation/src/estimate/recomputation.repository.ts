import type { Transaction } from '@common-ground/persistence';
import type { Evidence } from './domain/outcome.js';

export type RecomputationTiming = { readonly quietMs: number; readonly latestMs: number };
export type DueIntervention = { readonly id: string; readonly mission: string };

/** Estimates of this intervention are due. Durable: whoever is killed before they are made leaves the mark behind. */
export const markForRecomputation = async (tx: Transaction, { mission, interventionId, quiet }: { mission: string; interventionId: string; quiet: boolean }): Promise<void> => {
  await tx.query('INSERT INTO recomputation_mark (mission, intervention_id, quiet) VALUES ($1, $2, $3)', [mission, interventionId, quiet]);
};

export const isAnythingMarked = async (tx: Transaction): Promise<boolean> => (await tx.query('SELECT 1 FROM recomputation_mark LIMIT 1')).length > 0;

/**
 * Takes the intervention that waits longest among those quiet for a while, or marked too long ago to wait on.
 * Its row is held till the transaction ends, so that two workers never compute the same one at once; submissions do not need that row.
 */
export const claimDueIntervention = async (tx: Transaction, { quietMs, latestMs }: RecomputationTiming): Promise<DueIntervention | undefined> => {
  const [due] = await tx.query<DueIntervention>(
    `SELECT intervention.id, intervention.mission FROM intervention JOIN (
       SELECT intervention_id, min(marked_at) AS first_mark FROM recomputation_mark GROUP BY intervention_id
       HAVING max(marked_at) <= clock_timestamp() - make_interval(secs => $1::double precision / 1000)
         OR min(marked_at) <= clock_timestamp() - make_interval(secs => $2::double precision / 1000)
     ) AS due ON due.intervention_id = intervention.id
     ORDER BY due.first_mark LIMIT 1 FOR NO KEY UPDATE OF intervention SKIP LOCKED`,
    [quietMs, latestMs],
  );
  return due;
};

/** Something is wrong with this one: the others go first. */
export const postpone = async (tx: Transaction, interventionId: string, seconds: number): Promise<void> => {
  await tx.query('UPDATE recomputation_mark SET marked_at = clock_timestamp() + make_interval(secs => $2) WHERE intervention_id = $1', [interventionId, seconds]);
};

type Row = {
  readonly marks: number;
  readonly quiet: boolean | null;
  readonly design: string;
  readonly answers: readonly [string, string, string, string, number, string, string, string][] | null;
  readonly asked_of_public: readonly [string, string, number][] | null;
};

export type TakenMarks = { readonly marks: number; /** Everything that caused it was quiet. */ readonly quiet: boolean; readonly evidence: Omit<Evidence, 'instruments'> };

/**
 * Takes the marks away and reads the evidence in one statement, hence one snapshot: an answer that is read has its mark taken,
 * and one that is not keeps it, so no change is ever published under another's quiet. Of one person's answers to an item in two rounds
 * of a wave the earlier round's counts; of an instrument used at several levels the one nearest to the person. The public's
 * baseline answers are read apart: they are of nobody who took part.
 */
export const takeMarks = async (tx: Transaction, interventionId: string): Promise<TakenMarks> => {
  const [row] = await tx.query<Row>(
    `WITH taken AS (DELETE FROM recomputation_mark WHERE intervention_id = $1 RETURNING quiet),
     round AS (
       SELECT id, instrument_id, wave, opens_on,
         rank() OVER (PARTITION BY instrument_id ORDER BY array_position(ARRAY['individual', 'family-and-friends', 'community', 'region'], level)) AS nearness
       FROM survey_round WHERE intervention_id = $1 AND population <> 'general-public'
     ),
     answer AS (
       SELECT DISTINCT ON (round.instrument_id, response.item, round.wave, response.respondent)
         round.instrument_id, response.item, round.wave, response.respondent, response.value
       FROM round JOIN response ON response.round_id = round.id WHERE round.nearness = 1
       ORDER BY round.instrument_id, response.item, round.wave, response.respondent, round.opens_on, round.id
     )
     SELECT (SELECT count(*)::integer FROM taken) AS marks, (SELECT bool_and(quiet) FROM taken) AS quiet,
       (SELECT design FROM intervention WHERE id = $1) AS design,
       (SELECT json_agg(json_build_array(answer.instrument_id, answer.item, answer.wave, answer.respondent, answer.value,
            coalesce(participant.arm, ''), coalesce(participant.cluster, ''), coalesce(participant.stratum, ''))
          ORDER BY answer.instrument_id, answer.item COLLATE "C", answer.wave COLLATE "C", answer.respondent COLLATE "C")
        FROM answer LEFT JOIN participant ON participant.intervention_id = $1 AND participant.code = answer.respondent) AS answers,
       (SELECT json_agg(json_build_array(round.instrument_id, response.item, response.value) ORDER BY round.instrument_id, response.item COLLATE "C", round.id, response.respondent COLLATE "C")
        FROM survey_round AS round JOIN response ON response.round_id = round.id
        WHERE round.intervention_id = $1 AND round.population = 'general-public' AND round.wave = 'baseline') AS asked_of_public`,
    [interventionId],
  );
  const answers = (row?.answers ?? []).map(([instrumentId, item, wave, respondent, value, arm, cluster, stratum]) => ({ instrumentId, item, wave, respondent, value, arm, cluster, stratum }));
  const publicAnswers = (row?.asked_of_public ?? []).map(([instrumentId, item, value]) => ({ instrumentId, item, value }));
  return { marks: row?.marks ?? 0, quiet: row?.quiet ?? false, evidence: { design: row?.design ?? 'none', answers, publicAnswers } };
};
