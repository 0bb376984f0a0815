import { messagingMigrations } from '@common-ground/messaging';
import { baseMigrations, type Migration } from '@common-ground/persistence';
import { createKnowledge } from './1790000002000-create-knowledge.js';
import { createActivity } from './1790000002100-create-activity.js';

/** Everything scheduling's database is made of: commands, outbox and inbox, then its own tables. */
export const schedulingMigrations: readonly Migration[] = [...baseMigrations, ...messagingMigrations, createKnowledge, createActivity];
