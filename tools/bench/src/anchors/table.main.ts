import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, execute, parse, validate } from 'graphql';
import pg from 'pg';
import { workspace } from '../harness/results-folder.js';
import { serve } from './serve.js';

type Row = { readonly intervention_id: string; readonly code: string; readonly mission: string; readonly month: string; readonly planned: number; readonly held: number; readonly unrecorded: number };

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 10 });
const TABLE = {
  name: 'table',
  text: `SELECT i.intervention_id, i.code, i.mission, m.month, m.planned, m.held, m.unrecorded
         FROM portfolio_month m JOIN portfolio_intervention i ON i.model = m.model AND i.intervention_id = m.intervention_id
         WHERE m.model = (SELECT model FROM portfolio_model WHERE state = 'live') ORDER BY i.mission, i.code, m.month`,
};
const rows = async (): Promise<Row[]> => (await pool.query<Row>(TABLE)).rows;

const schema = buildSchema(readFileSync(join(workspace, 'apps/gateway/schema.graphql'), 'utf8'));

/** Months below their interventions, as the schema has them. */
const portfolio = async (): Promise<object> => {
  const nodes = new Map<string, { interventionId: string; code: string; mission: string; months: Row[] }>();
  for (const row of await rows()) {
    const node = nodes.get(row.intervention_id) ?? { interventionId: row.intervention_id, code: row.code, mission: row.mission, months: [] };
    node.months.push(row);
    nodes.set(row.intervention_id, node);
  }
  return { edges: [...nodes.values()].map((node) => ({ node })) };
};

await serve((app) => {
  app.get('/table', rows);
  app.post('/graphql', async ({ body }) => {
    const document = parse((body as { query: string }).query);
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : execute({ schema, document, rootValue: { portfolio } });
  });
});
