import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { heldFact, type SentRecord, storedRecord } from './held-fact.js';
import { serve } from './serve.js';

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });

const RECORD = {
  name: 'record',
  text: `WITH recorded AS (
      UPDATE activity SET status = 'held', record = $2::jsonb, recorded_at = now(), version = version + 1 WHERE id = $1 AND status = 'planned'
      RETURNING id, intervention_id, mission, version)
    INSERT INTO outbox (fact_id, type, key, subject, sequence, mission, quiet, data)
    SELECT $3, 'commonground.scheduling.v1.ActivityHeld', intervention_id, id, version, mission, false, $4 FROM recorded RETURNING sequence`,
};

/** A whole batch in one statement; what is recorded already is left alone. */
const RECORD_MANY = {
  name: 'record-many',
  text: `WITH given AS (SELECT * FROM unnest($1::uuid[], $2::jsonb[], $3::uuid[], $4::bytea[]) AS given (id, record, fact_id, data)),
    recorded AS (
      UPDATE activity SET status = 'held', record = given.record, recorded_at = now(), version = version + 1 FROM given WHERE activity.id = given.id AND status = 'planned'
      RETURNING activity.id, intervention_id, mission, version)
    INSERT INTO outbox (fact_id, type, key, subject, sequence, mission, quiet, data)
    SELECT given.fact_id, 'commonground.scheduling.v1.ActivityHeld', intervention_id, recorded.id, version, mission, false, given.data FROM recorded JOIN given USING (id) RETURNING sequence`,
};

await serve((app) => {
  app.post('/record', async ({ body }) => {
    const { intervention, record } = body as { intervention: number; record: SentRecord };
    const { rows } = await pool.query<{ sequence: string }>({ ...RECORD, values: [record.activityId, storedRecord(intervention, record), randomUUID(), Buffer.from(heldFact(intervention, record))] });
    return { id: record.activityId, status: 'HELD', version: Number(rows[0]?.sequence ?? 0) };
  });
  app.post('/record-many', async ({ body }) => {
    const { intervention, records } = body as { intervention: number; records: SentRecord[] };
    const { rowCount } = await pool.query({
      ...RECORD_MANY,
      values: [records.map(({ activityId }) => activityId), records.map((record) => storedRecord(intervention, record)), records.map(() => randomUUID()), records.map((record) => Buffer.from(heldFact(intervention, record)))],
    });
    return { recorded: rowCount };
  });
});
