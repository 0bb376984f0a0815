import { type DynamicModule, Module } from '@nestjs/common';
import { DEFAULT_THRESHOLD } from './domain/people-count.js';
import { PortfolioModels } from './portfolio-models.js';
import { PortfolioReads } from './portfolio-reads.js';
import { PortfolioResolver } from './portfolio.resolver.js';
import { PortfolioService, SUPPRESSION_THRESHOLD } from './portfolio.service.js';

/** The cross-mission portfolio: its models, folded from facts, and the query. */
@Module({})
export class PortfolioModule {
  static forRoot({ threshold = DEFAULT_THRESHOLD }: { readonly threshold?: number } = {}): DynamicModule {
    return {
      module: PortfolioModule,
      providers: [PortfolioReads, PortfolioModels, PortfolioService, PortfolioResolver, { provide: SUPPRESSION_THRESHOLD, useValue: threshold }],
      exports: [PortfolioModels, PortfolioService],
    };
  }
}
