import { Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, LIMITS, refusalsAmong, refuseUuid, requireRole, throwIfRefused } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { MAY_READ_ESTIMATES } from '../roles.js';
import type { Estimate } from './domain/estimate.js';
import { findLatestEstimates } from './estimate.repository.js';

@Injectable()
export class EstimateService {
  constructor(private readonly database: Database) {}

  /** The newest revisions; interventions unknown or out of scope have none. */
  async list(interventionIds: readonly string[], caller: Caller): Promise<readonly Estimate[]> {
    requireRole(caller, ...MAY_READ_ESTIMATES);
    checkBatchSize('interventionIds', interventionIds, LIMITS.batchIds);
    throwIfRefused(interventionIds.flatMap((id, index) => refusalsAmong(refuseUuid(['interventionIds', String(index)], id))));
    return this.database.read(caller.scope, (tx) => findLatestEstimates(tx, interventionIds));
  }
}
