import type { Migration } from '@common-ground/persistence';

/** When the command behind an alert was accepted: what its latency is counted from. Null for alerts from before. */
export const alertAccepted: Migration = {
  name: '1790000003600-alert-accepted',
  up: `
    ALTER TABLE alert ADD COLUMN accepted_at timestamptz;
    CREATE INDEX alert_delivered ON alert (delivered_at) WHERE delivered_at IS NOT NULL;
  `,
};
