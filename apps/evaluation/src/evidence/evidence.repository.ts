import type { Transaction } from '@common-ground/persistence';
import type { ExternalStudy, RecordedStudy } from './domain/external-study.js';

/** @returns false when an id or a name among them is taken; the caller then lets go of all of them */
export const insertStudies = async (tx: Transaction, studies: readonly RecordedStudy[]): Promise<boolean> => {
  const rows = studies.map(({ recordedAt, ...study }) => ({ id: study.id, name: study.name, study, recordedAt }));
  const inserted = await tx.query(
    `INSERT INTO external_study (id, name, study, recorded_at)
     SELECT "id", "name", "study", "recordedAt" FROM jsonb_to_recordset($1::jsonb) AS one ("id" uuid, "name" text, "study" jsonb, "recordedAt" timestamptz)
     ORDER BY "id" ON CONFLICT DO NOTHING RETURNING id`,
    [JSON.stringify(rows)],
  );
  return inserted.length === studies.length;
};

type Category = { readonly name: string; readonly value: string };

/** By year and name; those that have every category asked for. */
export const findStudies = async (tx: Transaction, categories: readonly Category[]): Promise<ExternalStudy[]> => {
  const rows = await tx.query<{ study: ExternalStudy }>(`SELECT study FROM external_study WHERE study -> 'categories' @> $1::jsonb ORDER BY (study ->> 'year')::integer, name`, [JSON.stringify(categories)]);
  return rows.map(({ study }) => study);
};

export type OwnFilter = { readonly missions: readonly string[]; readonly interventionIds: readonly string[]; readonly items: readonly string[]; readonly waves: readonly string[] };

export type OwnRow = {
  readonly interventionId: string;
  readonly mission: string;
  readonly instrumentId: string;
  readonly design: string;
  readonly item: string;
  readonly wave: string;
  readonly method: string;
  readonly higherIs: string;
  readonly n: number;
  readonly nTreatment: number;
  readonly nComparison: number;
  readonly clusters: number;
  readonly clustersTreatment: number | null;
  readonly clustersComparison: number | null;
  readonly attrition: number;
  readonly attritionTreatment: number;
  readonly attritionComparison: number;
  readonly standardised: number | null;
  readonly standardisedError: number | null;
};

const NUMBERS = ['n', 'nTreatment', 'nComparison', 'clusters', 'clustersTreatment', 'clustersComparison', 'attrition', 'attritionTreatment', 'attritionComparison', 'standardised', 'standardisedError'];

/** The newest revision of each estimate in scope that the filter lets through; empty lists filter nothing. */
export const findOwnEstimates = (tx: Transaction, { missions, interventionIds, items, waves }: OwnFilter): Promise<OwnRow[]> =>
  tx.query<OwnRow>(
    `SELECT latest.intervention_id AS "interventionId", latest.mission, latest.instrument_id AS "instrumentId", intervention.design, item, wave, result ->> 'method' AS method, result ->> 'higherIs' AS "higherIs",
            ${NUMBERS.map((name) => `(result ->> '${name}')::float8 AS "${name}"`).join(', ')}
     FROM (SELECT DISTINCT ON (intervention_id, instrument_id, item, wave) intervention_id, instrument_id, mission, item, wave, result
           FROM estimate
           WHERE (cardinality($1::text[]) = 0 OR mission = ANY ($1)) AND (cardinality($2::uuid[]) = 0 OR intervention_id = ANY ($2::uuid[]))
             AND (cardinality($3::text[]) = 0 OR item = ANY ($3)) AND (cardinality($4::text[]) = 0 OR wave = ANY ($4))
           ORDER BY intervention_id, instrument_id, item, wave, revision DESC) latest
     JOIN intervention ON intervention.id = latest.intervention_id
     ORDER BY latest.mission, latest.intervention_id, item, wave, latest.instrument_id`,
    [missions, interventionIds, items, waves],
  );
