import type { Migration } from '@common-ground/persistence';

/** What mixing and pairing need to know of people. Those enrolled before have none of it until they are told of again. */
export const knowAttributes: Migration = {
  name: '1790000002200-know-attributes',
  up: `
    ALTER TABLE known_participant
      ADD COLUMN languages text[] NOT NULL DEFAULT '{}',
      ADD COLUMN age_band text NOT NULL DEFAULT '',
      ADD COLUMN gender text NOT NULL DEFAULT '',
      ADD COLUMN prior_contact text NOT NULL DEFAULT '';
    CREATE INDEX known_participant_by_intervention ON known_participant (intervention_id);
  `,
};
