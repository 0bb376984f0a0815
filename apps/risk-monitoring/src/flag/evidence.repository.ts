import type { Transaction } from '@common-ground/persistence';
import type { SeenEvidence } from './domain/flag.js';
import type { Evidence } from './domain/finding.js';
import type { Flag, FlagKey } from './flag.repository.js';

/** Evidence as it is shown and told. */
export type KeptEvidence = Pick<Evidence, 'kind' | 'subject' | 'observedAt' | 'figures' | 'terms'> & { readonly flagId: string; readonly factId: string };

/** How many pieces of evidence are shown and told with a flag. */
export const LATEST = 20;

/**
 * One row per source: a later version takes the place of the earlier, the same or an earlier one changes nothing.
 * @returns what became of it
 */
export const keepEvidence = async (tx: Transaction, flag: Pick<Flag, 'id' | 'mission' | 'interventionId'>, evidence: Evidence, factId: string): Promise<'added' | 'replaced' | 'known'> => {
  const [row] = await tx.query<{ added: boolean }>(
    `INSERT INTO evidence (flag_id, source_key, version, mission, intervention_id, kind, subject, activity_id, fact_id, observed_at, figures, terms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (flag_id, source_key) DO UPDATE SET version = excluded.version, subject = excluded.subject, fact_id = excluded.fact_id,
       observed_at = excluded.observed_at, figures = excluded.figures, terms = excluded.terms
     WHERE evidence.version < excluded.version
     RETURNING (xmax = 0) AS added`,
    [flag.id, evidence.sourceKey, evidence.version, flag.mission, flag.interventionId, evidence.kind, evidence.subject, evidence.activityId ?? null, factId, evidence.observedAt, JSON.stringify(evidence.figures), JSON.stringify(evidence.terms)],
  );
  if (!row) return 'known';
  return row.added ? 'added' : 'replaced';
};

/** What closed flags of the same subject had of this source already. */
export const findAnswered = (tx: Transaction, { interventionId, rule, subjectKey }: FlagKey, sourceKey: string): Promise<SeenEvidence[]> =>
  tx.query<SeenEvidence>(
    `SELECT evidence.kind, evidence.version::float8 AS version FROM flag JOIN evidence ON evidence.flag_id = flag.id
     WHERE flag.intervention_id = $1 AND flag.rule = $2 AND flag.subject_key = $3 AND flag.status IN ('resolved', 'dismissed') AND evidence.source_key = $4`,
    [interventionId, rule, subjectKey, sourceKey],
  );

export const hasEvidence = async (tx: Transaction, flagId: string, sourceKey: string): Promise<boolean> =>
  (await tx.query('SELECT 1 FROM evidence WHERE flag_id = $1 AND source_key = $2', [flagId, sourceKey])).length > 0;

/** The evidence of an activity in live flags of these rules has been answered: by recording it, by putting its record right. */
export const answerEvidence = async (tx: Transaction, activityId: string, rules: readonly string[], answer: string): Promise<void> => {
  await tx.query(
    `UPDATE evidence SET terms = evidence.terms || jsonb_build_object('answered', $3::text)
     FROM flag WHERE flag.id = evidence.flag_id AND evidence.activity_id = $1 AND flag.rule = ANY ($2::text[]) AND flag.status IN ('open', 'acknowledged', 'mitigating')`,
    [activityId, rules, answer],
  );
};

/** The latest of each flag, newest first. */
export const latestEvidence = async (tx: Transaction, flagIds: readonly string[]): Promise<ReadonlyMap<string, readonly KeptEvidence[]>> => {
  const rows = await tx.query<KeptEvidence>(
    `SELECT latest.* FROM unnest($1::uuid[]) AS wanted (id) CROSS JOIN LATERAL (
       SELECT flag_id AS "flagId", fact_id AS "factId", kind, subject, observed_at AS "observedAt", figures, terms
       FROM evidence WHERE flag_id = wanted.id ORDER BY observed_at DESC, source_key DESC LIMIT ${LATEST}) latest`,
    [flagIds],
  );
  const byFlag = new Map<string, KeptEvidence[]>();
  for (const row of rows) byFlag.set(row.flagId, [...(byFlag.get(row.flagId) ?? []), row]);
  return byFlag;
};
