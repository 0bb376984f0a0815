import { Module } from '@nestjs/common';
import { SurveyRoundGrpc } from './survey-round.grpc.js';
import { SurveyRoundService } from './survey-round.service.js';

@Module({ controllers: [SurveyRoundGrpc], providers: [SurveyRoundService] })
export class SurveyRoundModule {}
