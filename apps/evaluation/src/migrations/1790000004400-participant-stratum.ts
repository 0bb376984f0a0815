import type { Migration } from '@common-ground/persistence';

/** The block within which the lot was drawn: randomisation inference draws it again within blocks. */
export const addParticipantStratum: Migration = {
  name: '1790000004400-participant-stratum',
  up: `
    ALTER TABLE participant ADD COLUMN stratum text NOT NULL DEFAULT '';
  `,
};
