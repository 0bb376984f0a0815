import { messagingMigrations } from '@common-ground/messaging';
import { baseMigrations, type Migration } from '@common-ground/persistence';
import { createRule } from './1790000003000-create-rule.js';
import { createProgramme } from './1790000003100-create-programme.js';
import { createFlag } from './1790000003200-create-flag.js';
import { createSubscription } from './1790000003300-create-subscription.js';
import { quietFlags } from './1790000003400-quiet-flags.js';
import { sidesApart } from './1790000003500-sides-apart.js';
import { alertAccepted } from './1790000003600-alert-accepted.js';

/** Everything this service's database is made of: commands, outbox and inbox, then its own tables. */
export const riskMonitoringMigrations: readonly Migration[] = [
  ...baseMigrations,
  ...messagingMigrations,
  createRule,
  createProgramme,
  createFlag,
  createSubscription,
  quietFlags,
  sidesApart,
  alertAccepted,
];
