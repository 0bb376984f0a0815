import type { Migration } from '@common-ground/persistence';

export const sidesApart: Migration = {
  name: '1790000003500-sides-apart',
  up: `INSERT INTO rule (code, family, enabled, thresholds, likelihood, impact) VALUES ('sides-apart', 'negative-contact', true, '{}', 3, 3)`,
};
