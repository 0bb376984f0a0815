import { type DynamicModule, Global, Module } from '@nestjs/common';
import { KnowledgeConsumer } from './knowledge.consumer.js';
import { KnowledgeService, PATIENCE, type Patience } from './knowledge.service.js';

/** What scheduling keeps of the registry's facts, for all of its slices. */
@Global()
@Module({})
export class KnowledgeModule {
  static forRoot(patience: Patience): DynamicModule {
    return { module: KnowledgeModule, controllers: [KnowledgeConsumer], providers: [KnowledgeService, { provide: PATIENCE, useValue: patience }], exports: [KnowledgeService] };
  }
}
