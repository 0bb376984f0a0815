import type { Migration } from '@common-ground/persistence';
import { scoped } from './scope-policy.js';

export const createEstimate: Migration = {
  name: '1790000004300-create-estimate',
  up: `
    /* Answers came for this intervention and its estimates are due. Rows are only added and taken away, so submissions never wait for a computation. */
    CREATE TABLE recomputation_mark (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      quiet boolean NOT NULL,
      marked_at timestamptz NOT NULL DEFAULT clock_timestamp()
    );
    CREATE INDEX recomputation_mark_intervention ON recomputation_mark (intervention_id);
    ${scoped('recomputation_mark', 'intervention_id::text')}
    /* Every revision is kept: an estimate that was once published can be shown again. */
    CREATE TABLE estimate (
      id uuid NOT NULL,
      revision integer NOT NULL,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      instrument_id uuid NOT NULL,
      item text NOT NULL,
      wave text NOT NULL,
      result jsonb NOT NULL,
      estimated_at timestamptz NOT NULL,
      PRIMARY KEY (id, revision),
      CONSTRAINT estimate_of_item UNIQUE (intervention_id, instrument_id, item, wave, revision)
    );
    ${scoped('estimate', 'intervention_id::text')}
  `,
};
