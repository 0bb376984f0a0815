import type { Migration } from '@common-ground/persistence';

const underScope = (table: string): string => `
    ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON ${table} USING (in_scope(mission, intervention_id::text)) WITH CHECK (in_scope(mission, intervention_id::text));
`;

export const createFlag: Migration = {
  name: '1790000003200-create-flag',
  up: `
    CREATE TABLE flag (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      rule text NOT NULL,
      /* Item and wave; empty when the subject is the intervention itself, whose code may become known later. */
      subject_key text NOT NULL,
      subject text NOT NULL,
      status text NOT NULL,
      likelihood integer NOT NULL,
      impact integer NOT NULL,
      evidence_count integer NOT NULL,
      opened_at timestamptz NOT NULL,
      changed_at timestamptz NOT NULL,
      reason text NOT NULL,
      /* Counts the facts told about this flag. */
      version integer NOT NULL,
      /* Evidence came that no fact has told yet; it is told in one fact for all that came meanwhile. */
      untold boolean NOT NULL,
      untold_quiet boolean NOT NULL
    );
    /* One live flag per intervention, rule and subject, however many consumers find the same thing at once. */
    CREATE UNIQUE INDEX flag_live ON flag (intervention_id, rule, subject_key) WHERE status IN ('open', 'acknowledged', 'mitigating');
    CREATE INDEX flag_subject ON flag (intervention_id, rule, subject_key);
    CREATE INDEX flag_opened ON flag (opened_at, id);
    CREATE INDEX flag_untold ON flag (changed_at) WHERE untold;
    ${underScope('flag')}

    CREATE TABLE evidence (
      flag_id uuid NOT NULL,
      source_key text NOT NULL,
      version bigint NOT NULL,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      kind text NOT NULL,
      subject text NOT NULL,
      activity_id uuid,
      fact_id uuid NOT NULL,
      observed_at timestamptz NOT NULL,
      figures jsonb NOT NULL,
      terms jsonb NOT NULL,
      PRIMARY KEY (flag_id, source_key)
    );
    CREATE INDEX evidence_latest ON evidence (flag_id, observed_at);
    CREATE INDEX evidence_activity ON evidence (activity_id);
    ${underScope('evidence')}

    CREATE TABLE flag_change (
      flag_id uuid NOT NULL,
      version integer NOT NULL,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      from_status text NOT NULL,
      to_status text NOT NULL,
      reason text NOT NULL,
      changed_at timestamptz NOT NULL,
      changed_by text NOT NULL,
      PRIMARY KEY (flag_id, version)
    );
    ${underScope('flag_change')}
  `,
};
