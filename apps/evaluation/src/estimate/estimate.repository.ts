import type { Transaction } from '@common-ground/persistence';
import type { Estimate } from './domain/estimate.js';

/** The newest revision of each item and wave. */
export const findLatestEstimates = (tx: Transaction, interventionIds: readonly string[]): Promise<Estimate[]> =>
  tx.query<Estimate>(
    `SELECT DISTINCT ON (intervention_id, instrument_id, item, wave) id, revision, mission, intervention_id AS "interventionId", instrument_id AS "instrumentId",
       item, wave, result, estimated_at AS "estimatedAt"
     FROM estimate WHERE intervention_id = ANY ($1::uuid[]) ORDER BY intervention_id, instrument_id, item, wave, revision DESC`,
    [interventionIds],
  );

export const insertRevisions = async (tx: Transaction, estimates: readonly Estimate[]): Promise<void> => {
  if (estimates.length === 0) return;
  await tx.query(
    `INSERT INTO estimate (id, revision, mission, intervention_id, instrument_id, item, wave, result, estimated_at)
     SELECT "id", "revision", "mission", "interventionId", "instrumentId", "item", "wave", "result", "estimatedAt"
     FROM jsonb_to_recordset($1::jsonb) AS estimate ("id" uuid, "revision" integer, "mission" text, "interventionId" uuid, "instrumentId" uuid, "item" text, "wave" text,
       "result" jsonb, "estimatedAt" timestamptz)`,
    [JSON.stringify(estimates)],
  );
};
