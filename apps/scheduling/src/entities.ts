import { ActivityEntity } from './activity/activity.entity.js';
import { KnownInterventionEntity, KnownMissionEntity, KnownParticipantEntity } from './knowledge/known.entities.js';
import { GroupPlanEntity } from './group-plan/group-plan.entity.js';
import { PairingEntity } from './pairing/pairing.entity.js';

export const entities = [ActivityEntity, KnownMissionEntity, KnownInterventionEntity, KnownParticipantEntity, GroupPlanEntity, PairingEntity] as const;
