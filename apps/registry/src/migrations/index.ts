import type { Migration } from '@common-ground/persistence';
import { createMission } from './1790000001000-create-mission.js';
import { createIntervention } from './1790000001100-create-intervention.js';
import { createParticipant } from './1790000001200-create-participant.js';

/** The registry's own tables; what every service has (commands, outbox, inbox) comes from the libraries. */
export const ownMigrations: readonly Migration[] = [createMission, createIntervention, createParticipant];
