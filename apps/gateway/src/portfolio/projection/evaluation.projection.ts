import { type evaluation, Facts } from '@common-ground/contracts';
import type { Transaction } from '@common-ground/persistence';
import { dataOf, type Fold, gathered, latest } from './projection.js';

type Submitted = evaluation.SurveySubmitted;

const answer = async (tx: Transaction, model: number, submissions: readonly Submitted[]): Promise<void> => {
  if (submissions.length === 0) return;
  const respondents = [...gathered<Submitted, Submitted>(submissions, ({ roundId, respondent }) => `${roundId}/${respondent}`, (before, fact) => ({ ...(before ?? fact), answersInRound: Math.max(before?.answersInRound ?? 0, fact.answersInRound) })).values()];
  await tx.query(
    `INSERT INTO portfolio_respondent (model, round_id, respondent, intervention_id, mission, wave, answers)
     SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::integer[])
     ON CONFLICT (model, round_id, respondent) DO UPDATE SET answers = greatest(portfolio_respondent.answers, excluded.answers)`,
    [model, respondents.map(({ roundId }) => roundId), respondents.map(({ respondent }) => respondent), respondents.map(({ interventionId }) => interventionId), respondents.map(({ mission }) => mission), respondents.map(({ wave }) => wave), respondents.map(({ answersInRound }) => answersInRound)],
  );
  const waves = [...latest(submissions, ({ interventionId, wave }) => `${interventionId}/${wave}`).values()];
  await tx.query(
    `INSERT INTO portfolio_wave (model, intervention_id, wave, mission, respondents, answers)
     SELECT $1, intervention_id, wave, given.mission, count(DISTINCT respondent), coalesce(sum(answers), 0)
     FROM unnest($2::uuid[], $3::text[], $4::text[]) AS given (intervention_id, wave, mission) LEFT JOIN (SELECT * FROM portfolio_respondent WHERE model = $1) AS answered USING (intervention_id, wave)
     GROUP BY intervention_id, wave, given.mission
     ON CONFLICT (model, intervention_id, wave) DO UPDATE SET respondents = excluded.respondents, answers = excluded.answers`,
    [model, waves.map(({ interventionId }) => interventionId), waves.map(({ wave }) => wave), waves.map(({ mission }) => mission)],
  );
};

type Estimated = evaluation.OutcomeEstimated;

const estimate = async (tx: Transaction, model: number, estimates: readonly Estimated[]): Promise<void> => {
  if (estimates.length === 0) return;
  const idOf = ({ interventionId, instrumentId, item, wave }: Estimated): string => JSON.stringify([interventionId, instrumentId, item, wave]);
  const newest = [...gathered<Estimated, Estimated>(estimates, idOf, (before, fact) => (before && before.revision >= fact.revision ? before : fact)).values()];
  await tx.query(
    `INSERT INTO portfolio_estimate (model, intervention_id, instrument_id, item, wave, mission, revision, estimate)
     SELECT $1, ("estimate" ->> 'interventionId')::uuid, ("estimate" ->> 'instrumentId')::uuid, "estimate" ->> 'item', "estimate" ->> 'wave', "estimate" ->> 'mission', ("estimate" ->> 'revision')::integer, "estimate"
     FROM jsonb_array_elements($2::jsonb) AS given ("estimate")
     ON CONFLICT (model, intervention_id, instrument_id, item, wave) DO UPDATE SET revision = excluded.revision, estimate = excluded.estimate
     WHERE portfolio_estimate.revision < excluded.revision`,
    [model, JSON.stringify(newest)],
  );
};

export const evaluationFold: Fold = {
  types: [Facts.SurveySubmitted.type, Facts.OutcomeEstimated.type],
  apply: async (tx, model, facts) => {
    await answer(tx, model, dataOf<Submitted>(facts, Facts.SurveySubmitted));
    await estimate(tx, model, dataOf<Estimated>(facts, Facts.OutcomeEstimated));
  },
};
