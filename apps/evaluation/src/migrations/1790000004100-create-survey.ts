import type { Migration } from '@common-ground/persistence';
import { scoped } from './scope-policy.js';

export const createSurvey: Migration = {
  name: '1790000004100-create-survey',
  up: `
    CREATE TABLE instrument (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      code text NOT NULL,
      title text NOT NULL,
      version integer NOT NULL,
      items jsonb NOT NULL,
      published_at timestamptz NOT NULL,
      CONSTRAINT instrument_mission_code_version UNIQUE (mission, code, version)
    );
    ${scoped('instrument', 'NULL')}
    CREATE TABLE survey_round (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      intervention_id uuid NOT NULL,
      code text NOT NULL,
      instrument_id uuid NOT NULL,
      wave text NOT NULL,
      level text NOT NULL,
      population text NOT NULL,
      opens_on date NOT NULL,
      closes_on date NOT NULL,
      status text NOT NULL,
      version integer NOT NULL,
      CONSTRAINT survey_round_window CHECK (closes_on >= opens_on)
    );
    CREATE UNIQUE INDEX survey_round_open_code ON survey_round (intervention_id, code) WHERE status = 'open';
    CREATE INDEX survey_round_intervention ON survey_round (intervention_id, code, id);
    ${scoped('survey_round', 'intervention_id::text')}
  `,
};
