import { ActivityEntity } from './activity/activity.entity.js';
import { KnownInterventionEntity, KnownMissionEntity, KnownParticipantEntity } from './knowledge/known.entities.js';

export const entities = [ActivityEntity, KnownMissionEntity, KnownInterventionEntity, KnownParticipantEntity] as const;
