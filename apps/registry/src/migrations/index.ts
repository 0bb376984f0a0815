import { messagingMigrations } from '@common-ground/messaging';
import { baseMigrations, type Migration } from '@common-ground/persistence';
import { createMission } from './1790000001000-create-mission.js';
import { createIntervention } from './1790000001100-create-intervention.js';
import { createParticipant } from './1790000001200-create-participant.js';

/** Everything the registry's database is made of: commands, outbox and inbox, then its own tables. */
export const registryMigrations: readonly Migration[] = [...baseMigrations, ...messagingMigrations, createMission, createIntervention, createParticipant];
