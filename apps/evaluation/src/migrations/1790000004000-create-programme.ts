import type { Migration } from '@common-ground/persistence';
import { scoped } from './scope-policy.js';

/** What the registry says, as far as surveys need it; kept from its facts. */
export const createProgramme: Migration = {
  name: '1790000004000-create-programme',
  up: `
    CREATE TABLE mission (
      mission text PRIMARY KEY
    );
    ${scoped('mission', 'NULL')}
    CREATE TABLE intervention (
      id uuid PRIMARY KEY,
      mission text NOT NULL,
      design text NOT NULL,
      version bigint NOT NULL
    );
    ${scoped('intervention', 'id::text')}
    CREATE TABLE participant (
      intervention_id uuid NOT NULL,
      code text NOT NULL,
      mission text NOT NULL,
      arm text NOT NULL,
      cluster text NOT NULL,
      withdrawn boolean NOT NULL,
      PRIMARY KEY (intervention_id, code)
    );
    ${scoped('participant', 'intervention_id::text')}
  `,
};
