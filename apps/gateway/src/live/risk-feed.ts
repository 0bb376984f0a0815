import { randomUUID } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { decodeFact, Facts, type risk, TOPICS } from '@common-ground/contracts';
import { EVENT_LOG, type Batch, type EventLog, keepSubscribed, type Subscription } from '@common-ground/messaging';

/** That a flag is not as it was, and who is to be alerted in the application. */
export type FlagChange = { readonly flagId: string; readonly mission: string; readonly interventionId: string; readonly alerts: readonly risk.InAppAlert[] };

type Listener = (change: FlagChange) => void;
type AboutFlag = Pick<risk.RiskFlagged, 'flagId' | 'mission' | 'interventionId'> & { readonly inAppAlerts?: readonly risk.InAppAlert[] };

const ABOUT_FLAGS = new Set<string>([Facts.RiskFlagged, Facts.RiskAcknowledged, Facts.RiskResolved, Facts.RiskDismissed].map(({ type }) => type));

/** What risk-monitoring says from now on, told to whoever listens in this process. Nothing is kept: what is missed is asked for. */
@Injectable()
export class RiskFeed implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('RiskFeed');
  private readonly listeners = new Set<Listener>();
  private subscription: Subscription | undefined;

  constructor(@Inject(EVENT_LOG) private readonly log: EventLog) {}

  async onApplicationBootstrap(): Promise<void> {
    this.subscription = await keepSubscribed(
      this.log,
      { group: `gateway-live-${randomUUID()}`, topics: [TOPICS.risk], from: 'latest', onBatch: (batch) => this.tell(batch) },
      (error) => this.logger.warn({ err: error }, 'the live feed waits for the event log'),
    );
  }

  async onModuleDestroy(): Promise<void> {
    await this.subscription?.close();
  }

  /** @returns how to stop listening */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private async tell({ records }: Batch): Promise<void> {
    for (const { headers, value } of records) {
      const type = headers['ce_type'] ?? '';
      if (!ABOUT_FLAGS.has(type) || !value) continue;
      try {
        const { flagId, mission, interventionId, inAppAlerts = [] } = decodeFact(type, value) as AboutFlag;
        for (const listener of this.listeners) listener({ flagId, mission, interventionId, alerts: inAppAlerts });
      } catch (error) {
        this.logger.warn({ err: error, type }, 'a fact cannot be read; it is left out of the live feed');
      }
    }
  }
}
