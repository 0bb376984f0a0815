import { Module } from '@nestjs/common';
import { clockProvider } from '../clock.js';
import { RuleGrpc } from './rule.grpc.js';
import { RuleService } from './rule.service.js';

@Module({ controllers: [RuleGrpc], providers: [RuleService, clockProvider] })
export class RuleModule {}
