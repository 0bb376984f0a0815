import { type evaluation, Facts } from '@common-ground/contracts';
import { on, type Projection } from './projection.js';

export const evaluationProjection: Projection = [
  on<evaluation.SurveySubmitted>(Facts.SurveySubmitted, async (model, fact, { tx }) => {
    await tx.query(
      `INSERT INTO portfolio_respondent (model, round_id, respondent, intervention_id, mission, wave, answers) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (model, round_id, respondent) DO UPDATE SET answers = greatest(portfolio_respondent.answers, excluded.answers)`,
      [model, fact.roundId, fact.respondent, fact.interventionId, fact.mission, fact.wave, fact.answersInRound],
    );
    await tx.query(
      `INSERT INTO portfolio_wave (model, intervention_id, wave, mission, respondents, answers)
       SELECT $1, $2, $3, $4, count(DISTINCT respondent), sum(answers) FROM portfolio_respondent WHERE model = $1 AND intervention_id = $2 AND wave = $3
       ON CONFLICT (model, intervention_id, wave) DO UPDATE SET respondents = excluded.respondents, answers = excluded.answers`,
      [model, fact.interventionId, fact.wave, fact.mission],
    );
  }),
  on<evaluation.OutcomeEstimated>(Facts.OutcomeEstimated, async (model, fact, { tx }) => {
    await tx.query(
      `INSERT INTO portfolio_estimate (model, intervention_id, instrument_id, item, wave, mission, revision, estimate) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (model, intervention_id, instrument_id, item, wave) DO UPDATE SET revision = excluded.revision, estimate = excluded.estimate
       WHERE portfolio_estimate.revision < excluded.revision`,
      [model, fact.interventionId, fact.instrumentId, fact.item, fact.wave, fact.mission, fact.revision, JSON.stringify(fact)],
    );
  }),
];
