import { messagingMigrations } from '@common-ground/messaging';
import { baseMigrations, type Migration } from '@common-ground/persistence';
import { createKnowledge } from './1790000002000-create-knowledge.js';
import { createActivity } from './1790000002100-create-activity.js';
import { knowAttributes } from './1790000002200-know-attributes.js';
import { createGroupPlan } from './1790000002300-create-group-plan.js';
import { createPairing } from './1790000002400-create-pairing.js';

/** Everything scheduling's database is made of: commands, outbox and inbox, then its own tables. */
export const schedulingMigrations: readonly Migration[] = [...baseMigrations, ...messagingMigrations, createKnowledge, createActivity, knowAttributes, createGroupPlan, createPairing];
