import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { EVERYTHING } from '@common-ground/kernel';
import { appendToOutbox } from '@common-ground/messaging';
import { Database, type Transaction } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { getInstrumentsAmong } from '../instrument/instrument.repository.js';
import { reviseEstimates } from './domain/estimate.js';
import { estimateOutcomes } from './domain/outcome.js';
import { OUTCOME_ESTIMATOR, type OutcomeEstimator } from './domain/outcome-estimator.js';
import { encodeOutcomeEstimated } from './estimate.facts.js';
import { findLatestEstimates, insertRevisions } from './estimate.repository.js';
import { claimDueIntervention, type DueIntervention, isAnythingMarked, postpone, type RecomputationTiming, takeMarks } from './recomputation.repository.js';

export const RECOMPUTATION_TIMING = Symbol('RecomputationTiming');
export const USUAL_TIMING: RecomputationTiming = { quietMs: 300, latestMs: 5_000 };

const POSTPONED_SECONDS = 30;

/** The estimates of one intervention could not be made; the others can. */
export class RecomputationFailed extends Error {
  override readonly name = 'RecomputationFailed';

  constructor(
    readonly interventionId: string,
    override readonly cause: unknown,
  ) {
    super(`The estimates of intervention ${interventionId} could not be made; they are tried again in ${POSTPONED_SECONDS} seconds.`);
  }
}

@Injectable()
export class RecomputationService {
  constructor(
    private readonly database: Database,
    @Inject(OUTCOME_ESTIMATOR) private readonly estimator: OutcomeEstimator,
    @Inject(RECOMPUTATION_TIMING) private readonly timing: RecomputationTiming,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  isAnythingMarked(): Promise<boolean> {
    return this.database.read(EVERYTHING, isAnythingMarked);
  }

  /**
   * Makes the estimates of one intervention that is due, if one is: marks, revisions and facts in one transaction.
   * @throws RecomputationFailed when one cannot be made, after putting it off
   */
  async recomputeOne(): Promise<boolean> {
    let claimed: DueIntervention | undefined;
    try {
      return await this.database.run(EVERYTHING, async (tx) => {
        claimed = await claimDueIntervention(tx, this.timing);
        if (!claimed) return false;
        await this.recompute(tx, claimed);
        return true;
      });
    } catch (error) {
      const { id } = claimed ?? {};
      if (id === undefined) throw error;
      await this.database.run(EVERYTHING, (tx) => postpone(tx, id, POSTPONED_SECONDS));
      throw new RecomputationFailed(id, error);
    }
  }

  private async recompute(tx: Transaction, { id, mission }: DueIntervention): Promise<void> {
    const { marks, quiet, evidence } = await takeMarks(tx, id);
    if (marks === 0) return;
    const instruments = await getInstrumentsAmong(tx, [...new Set(evidence.answers.map(({ instrumentId }) => instrumentId))]);
    const outcomes = estimateOutcomes({ ...evidence, instruments }, this.estimator);
    const facts = reviseEstimates({ mission, interventionId: id }, outcomes, await findLatestEstimates(tx, [id]), { now: this.clock.now(), newId: randomUUID });
    await insertRevisions(tx, facts.map(({ estimate }) => estimate));
    await appendToOutbox(tx, facts.map((fact) => encodeOutcomeEstimated(fact, quiet)));
  }
}
