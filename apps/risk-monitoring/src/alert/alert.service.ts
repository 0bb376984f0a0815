import { Inject, Injectable } from '@nestjs/common';
import { type Caller, checkBatchSize, isUuid, pageOf, type PageInfo, type PageRequest, readPage, refusalsAmong, refuseOneOf, refuseUuid, requireRole, throwIfRefused } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { checkCursor } from '../flag/flag.service.js';
import { MAY_SUBSCRIBE } from '../roles.js';
import { CHANNELS } from '../subscription/domain/subscription.js';
import { actFor } from '../subscription/subscription.repository.js';
import { type AlertFilter, confirmInApp, listAlerts } from './alert.repository.js';
import { type Alert, ALERT_STATUSES } from './domain/alert.js';

/** Everybody sees and confirms the alerts of their own subscriptions, and no others. */
@Injectable()
export class AlertService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(request: PageRequest | undefined, filter: AlertFilter, caller: Caller): Promise<{ alerts: readonly Alert[]; pageInfo: PageInfo }> {
    requireRole(caller, ...MAY_SUBSCRIBE);
    checkFilter(filter);
    const page = readPage(request, 2);
    if (page.after) checkCursor(page.after);
    return this.database.read(caller.scope, async (tx) => {
      await actFor(tx, caller.subject);
      const { rows, total } = await listAlerts(tx, caller.subject, filter, page);
      const cut = pageOf(rows, page, total, ({ raisedAt, id }) => [raisedAt.toISOString(), id]);
      return { alerts: cut.rows, pageInfo: cut.pageInfo };
    });
  }

  /** Again is the same: the first word that an alert was shown stands. */
  async confirm(ids: readonly string[], caller: Caller): Promise<void> {
    requireRole(caller, ...MAY_SUBSCRIBE);
    checkBatchSize('alertIds', ids);
    await this.database.run(caller.scope, async (tx) => {
      await actFor(tx, caller.subject);
      await confirmInApp(tx, caller.subject, ids.filter(isUuid), this.clock.now());
    });
  }
}

const checkFilter = ({ channels, statuses, ids }: AlertFilter): void => {
  for (const [path, values] of Object.entries({ channels, statuses, ids })) if (values.length > 0) checkBatchSize(path, values);
  throwIfRefused(
    refusalsAmong(
      ...channels.map((value, index) => refuseOneOf(['channels', String(index)], value, CHANNELS)),
      ...statuses.map((value, index) => refuseOneOf(['statuses', String(index)], value, ALERT_STATUSES)),
      ...ids.map((value, index) => refuseUuid(['ids', String(index)], value)),
    ),
  );
};
