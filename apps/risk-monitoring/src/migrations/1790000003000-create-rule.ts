import type { Migration } from '@common-ground/persistence';

/** Rules are data: the organisation's defaults, and what a mission sets for itself. */
export const createRule: Migration = {
  name: '1790000003000-create-rule',
  up: `
    CREATE TABLE rule (
      code text PRIMARY KEY,
      family text NOT NULL,
      enabled boolean NOT NULL,
      thresholds jsonb NOT NULL,
      likelihood integer NOT NULL,
      impact integer NOT NULL,
      CONSTRAINT rule_likelihood CHECK (likelihood BETWEEN 1 AND 5),
      CONSTRAINT rule_impact CHECK (impact BETWEEN 1 AND 5)
    );
    INSERT INTO rule (code, family, enabled, thresholds, likelihood, impact) VALUES
      ('outcome-worsened', 'negative-contact', true, '{}', 4, 5),
      ('poor-contact', 'negative-contact', true, '{"minimumCondition": 2.5}', 3, 4),
      ('one-side-missing', 'delivery', true, '{}', 3, 4),
      ('unrecorded-activity', 'delivery', true, '{}', 3, 2);

    CREATE TABLE mission_rule (
      mission text NOT NULL,
      code text NOT NULL REFERENCES rule (code),
      enabled boolean NOT NULL,
      thresholds jsonb NOT NULL,
      changed_at timestamptz NOT NULL,
      changed_by text NOT NULL,
      PRIMARY KEY (mission, code)
    );
    ALTER TABLE mission_rule ENABLE ROW LEVEL SECURITY;
    ALTER TABLE mission_rule FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON mission_rule USING (in_scope(mission, NULL)) WITH CHECK (in_scope(mission, NULL));
  `,
};
