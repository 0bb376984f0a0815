import { EstimateEntity } from './estimate/estimate.entity.js';
import { RecomputationMarkEntity } from './estimate/recomputation-mark.entity.js';
import { ExternalStudyEntity } from './evidence/external-study.entity.js';
import { InstrumentEntity } from './instrument/instrument.entity.js';
import { InterventionEntity } from './programme/intervention.entity.js';
import { MissionEntity } from './programme/mission.entity.js';
import { ParticipantEntity } from './programme/participant.entity.js';
import { ResponseEntity } from './response/response.entity.js';
import { RespondentEntity } from './response/respondent.entity.js';
import { SurveyRoundEntity } from './survey-round/survey-round.entity.js';

export const entities = [
  MissionEntity,
  InterventionEntity,
  ParticipantEntity,
  InstrumentEntity,
  SurveyRoundEntity,
  RespondentEntity,
  ResponseEntity,
  RecomputationMarkEntity,
  EstimateEntity,
  ExternalStudyEntity,
] as const;
