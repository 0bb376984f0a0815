import { Inject, Injectable, Logger } from '@nestjs/common';
import type { risk } from '@common-ground/contracts';
import { requireRole, seesMission, type Caller } from '@common-ground/kernel';
import type { GatewayContext } from '../graphql/context.js';
import { type Alert, alertOf } from '../risk/alert.types.js';
import { flagOf, type RiskFlag } from '../risk/flag.types.js';
import { InboxOfOne } from './inbox-of-one.js';
import { type FlagChange, RiskFeed } from './risk-feed.js';

/** Even when nothing is heard, waiting alerts are looked for now and then. */
const LOOK_AGAIN_MS = 30_000;
const PAGE = 100;

const mayHear = ({ scope }: Caller, { mission, interventionId }: FlagChange): boolean =>
  seesMission(scope, mission) && (scope.interventions === '*' || interventionId === '' || scope.interventions.includes(interventionId));

/** A generator that waits for something cannot be ended from outside; this ends what it waits for. */
const endable = <T>(generator: AsyncGenerator<T>, end: () => void): AsyncIterableIterator<T> => ({
  next: () => generator.next(),
  return: () => {
    end();
    return generator.return(undefined);
  },
  throw: (error) => {
    end();
    return generator.throw(error);
  },
  [Symbol.asyncIterator]() {
    return this;
  },
});

@Injectable()
export class LiveService {
  private readonly logger = new Logger('Live');

  constructor(@Inject(RiskFeed) private readonly feed: RiskFeed) {}

  /** Flags as they change, each as it is when it is told. Risk-monitoring is asked with the caller's token, so it decides again who may see. */
  flagChanges(context: GatewayContext, missions: readonly string[]): AsyncIterableIterator<RiskFlag> {
    const { caller } = context;
    requireRole(caller, 'administrator', 'hq-analyst', 'monitoring-officer', 'mission-officer');
    const inbox = new InboxOfOne<string>();
    const stop = this.feed.listen((change) => {
      if (mayHear(caller, change) && (missions.length === 0 || missions.includes(change.mission))) inbox.add(change.flagId);
    });
    return endable(this.tellFlags(context, inbox), () => {
      stop();
      inbox.end();
    });
  }

  /** In-app alerts of the caller: first those that wait, then those that come. Each is confirmed once it has left for the screen. */
  alerts(context: GatewayContext): AsyncIterableIterator<Alert> {
    const { caller } = context;
    const inbox = new InboxOfOne<string>();
    const stop = this.feed.listen(({ alerts }) => {
      for (const { alertId, subscriber } of alerts) if (subscriber === caller.subject) inbox.add(alertId);
    });
    return endable(this.tellAlerts(context, inbox), () => {
      stop();
      inbox.end();
    });
  }

  private async *tellFlags({ services, call }: GatewayContext, inbox: InboxOfOne<string>): AsyncGenerator<RiskFlag> {
    for (let ids = await inbox.take(LOOK_AGAIN_MS); ids; ids = await inbox.take(LOOK_AGAIN_MS)) {
      for (let start = 0; start < ids.length; start += PAGE) {
        const { flags } = await services.risk.batchGetFlags({ ids: ids.slice(start, start + PAGE) }, call);
        for (const flag of flags) yield flagOf(flag);
      }
    }
  }

  private async *tellAlerts(context: GatewayContext, inbox: InboxOfOne<string>): AsyncGenerator<Alert> {
    const { services, call } = context;
    const told = new Set<string>();
    for (let ids: string[] | undefined = []; ids; ids = await inbox.take(LOOK_AGAIN_MS)) {
      for (const alert of await this.waiting(context, ids)) {
        if (told.has(alert.id)) continue;
        yield alertOf(alert);
        // Back here, the alert was handed to the network.
        told.add(alert.id);
        await services.risk.confirmAlerts({ alertIds: [alert.id] }, call).catch((error: unknown) => this.logger.warn({ err: error }, 'an alert could not be confirmed; it will be told again'));
      }
    }
  }

  /** @param ids of alerts just heard of; none: look for all that wait */
  private async waiting({ services, call }: GatewayContext, ids: readonly string[]): Promise<risk.Alert[]> {
    const found: risk.Alert[] = [];
    for (let after = ''; ; ) {
      const { alerts, pageInfo } = await services.risk.listAlerts({ page: { first: PAGE, after }, channels: ['in-app'], statuses: ids.length > 0 ? [] : ['waiting'], ids: ids.slice(0, PAGE) }, call);
      found.push(...alerts);
      if (!pageInfo?.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    return ids.length > PAGE ? [...found, ...(await this.waiting({ services, call } as GatewayContext, ids.slice(PAGE)))] : found;
  }
}
