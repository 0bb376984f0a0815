import type { Migration } from './migrate.js';

/**
 * What every service's database starts from.
 * `in_scope` is the one test behind every row-level policy: an unset or empty setting lets nothing through.
 */
export const baseMigrations: readonly Migration[] = [
  {
    name: '1790000000000-scope-and-commands',
    up: `
      CREATE FUNCTION in_scope(mission text, intervention text) RETURNS boolean
      LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT coalesce(
          (current_setting('app.missions', true) = '*'
            OR mission = ANY (string_to_array(nullif(current_setting('app.missions', true), ''), ',')))
          AND (intervention IS NULL
            OR current_setting('app.interventions', true) = '*'
            OR intervention = ANY (string_to_array(nullif(current_setting('app.interventions', true), ''), ','))),
          false)
      $$;

      CREATE TABLE command (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        digest text NOT NULL,
        answer jsonb,
        handled_at timestamptz NOT NULL DEFAULT now()
      );
    `,
  },
];
