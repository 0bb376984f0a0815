import type { Migration } from '@common-ground/persistence';

export const createParticipant: Migration = {
  name: '1790000001200-create-participant',
  up: `
    CREATE TABLE participant (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      code text NOT NULL,
      side text NOT NULL,
      age_band text NOT NULL,
      gender text NOT NULL,
      languages text[] NOT NULL,
      prior_contact text NOT NULL,
      arm text NOT NULL,
      cluster text NOT NULL,
      stratum text NOT NULL,
      status text NOT NULL,
      withdrawal_reason text NOT NULL,
      enrolled_at timestamptz NOT NULL,
      withdrawn_at timestamptz,
      version integer NOT NULL,
      CONSTRAINT participant_intervention_code UNIQUE (intervention_id, code),
      CONSTRAINT participant_status CHECK ((status = 'withdrawn') = (withdrawn_at IS NOT NULL))
    );
    ALTER TABLE participant ENABLE ROW LEVEL SECURITY;
    ALTER TABLE participant FORCE ROW LEVEL SECURITY;
    CREATE POLICY scope ON participant USING (in_scope(mission, intervention_id::text)) WITH CHECK (in_scope(mission, intervention_id::text));
  `,
};
