import { InterventionEntity } from './intervention/intervention.entity.js';
import { MissionEntity } from './mission/mission.entity.js';
import { ParticipantEntity } from './participant/participant.entity.js';

export const entities = [MissionEntity, InterventionEntity, ParticipantEntity] as const;
