import { messagingMigrations } from '@common-ground/messaging';
import { baseMigrations, type Migration } from '@common-ground/persistence';
import { createProgramme } from './1790000004000-create-programme.js';
import { createSurvey } from './1790000004100-create-survey.js';
import { createResponse } from './1790000004200-create-response.js';
import { createEstimate } from './1790000004300-create-estimate.js';
import { addParticipantStratum } from './1790000004400-participant-stratum.js';
import { createExternalStudy } from './1790000004500-create-external-study.js';

/** Everything the evaluation's database is made of: commands, outbox and inbox, then its own tables. */
export const evaluationMigrations: readonly Migration[] = [...baseMigrations, ...messagingMigrations, createProgramme, createSurvey, createResponse, createEstimate, addParticipantStratum, createExternalStudy];
