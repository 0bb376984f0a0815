import { Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, hasRole, LIMITS, refusalsAmong, refuseUuid, requireRole, throwIfRefused } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { MAY_READ_ESTIMATES } from '../roles.js';
import type { Estimate } from './domain/estimate.js';
import { PAIRS_AT_LEAST } from './domain/outcome.js';
import { findLatestEstimates } from './estimate.repository.js';

@Injectable()
export class EstimateService {
  constructor(private readonly database: Database) {}

  /** The newest revisions; interventions unknown or out of scope have none, and headquarters and monitoring are not shown those of few people. */
  async list(interventionIds: readonly string[], caller: Caller): Promise<readonly Estimate[]> {
    requireRole(caller, ...MAY_READ_ESTIMATES);
    checkBatchSize('interventionIds', interventionIds, LIMITS.batchIds);
    throwIfRefused(interventionIds.flatMap((id, index) => refusalsAmong(refuseUuid(['interventionIds', String(index)], id))));
    const latest = await this.database.read(caller.scope, (tx) => findLatestEstimates(tx, interventionIds));
    return seesFewPeople(caller) ? latest : latest.filter(({ result }) => !isOfFew(result));
  }
}

/** Who works with people may know how few they are. */
const seesFewPeople = (caller: Caller): boolean => hasRole(caller, 'administrator') || caller.scope.missions !== '*';

/** Such an estimate has no figures, and its counts would tell of one to four people. */
const isOfFew = ({ n, nComparison, nTreatment, answeredBaseline, answeredWave }: Estimate['result']): boolean =>
  [n, nComparison, nTreatment, answeredBaseline, answeredWave].some((people) => people > 0 && people < PAIRS_AT_LEAST);
