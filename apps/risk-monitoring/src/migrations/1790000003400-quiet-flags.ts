import type { Migration } from '@common-ground/persistence';

/** A flag that only quiet facts speak for has alerted nobody yet. */
export const quietFlags: Migration = {
  name: '1790000003400-quiet-flags',
  up: 'ALTER TABLE flag ADD COLUMN quiet_so_far boolean NOT NULL DEFAULT false;',
};
