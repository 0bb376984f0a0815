import { Inject, Injectable } from '@nestjs/common';
import { type Caller, DomainError, isMissionCode, isUuid, readPage, requireRole, cursorOf, type Refusal, throwIfRefused } from '@common-ground/kernel';
import { Database } from '@common-ground/persistence';
import { findEstimates, findInterventions, findMonths, findOpenFlags, findReach, findWaves, liveModel, type PortfolioFilter as Filter, type Sort } from './portfolio.repository.js';
import { findMixing } from './mixing.repository.js';
import type { PortfolioConnection, PortfolioFilter, PortfolioSort } from './portfolio.types.js';
import { PortfolioReads } from './portfolio-reads.js';
import { rowOf, sumsOf } from './portfolio.view.js';

export const SUPPRESSION_THRESHOLD = Symbol('SuppressionThreshold');

export type PortfolioRequest = { readonly first: number; readonly after: string; readonly filter?: PortfolioFilter | null; readonly sort?: readonly PortfolioSort[] | null };

const MONTH = /^(19[9]\d|20\d\d)-(0[1-9]|1[0-2])$/;
const MOST_LISTED = 500;

@Injectable()
export class PortfolioService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SUPPRESSION_THRESHOLD) private readonly threshold: number,
    @Inject(PortfolioReads) private readonly reads: PortfolioReads,
  ) {}

  /** @throws DomainError when the caller may not see the portfolio, or the filter is wrong */
  async read(request: PortfolioRequest, caller: Caller): Promise<PortfolioConnection> {
    requireRole(caller, 'administrator', 'hq-analyst', 'monitoring-officer', 'mission-officer');
    const filter = readFilter(request.filter);
    const sort: Sort[] = (request.sort ?? []).map(({ field, descending }) => ({ field, descending: descending ?? false }));
    const { limit, after } = readPage({ first: request.first, after: request.after }, 1);
    const start = after ? Number(after[0]) : 0;
    if (!Number.isSafeInteger(start) || start < 0) throw new DomainError('invalid', 'CURSOR_INVALID', 'after is no cursor of this list; start again without it.', { path: ['after'] });
    return this.reads.count(() => this.database.read(caller.scope, async (tx) => {
      const model = await liveModel(tx);
      const all = await findInterventions(tx, model, filter, sort);
      const page = all.slice(start, start + limit);
      const [allIds, pageIds] = [all, page].map((rows) => rows.map((row) => row.intervention_id)) as [string[], string[]];
      const reach = await findReach(tx, model, allIds);
      const estimates = await findEstimates(tx, model, allIds);
      const parts = { reach, estimates, waves: await findWaves(tx, model, pageIds), flags: await findOpenFlags(tx, model, pageIds), months: await findMonths(tx, model, pageIds), mixing: await findMixing(tx, model, pageIds) };
      const edges = page.map((row, index) => ({ node: rowOf(row, parts, this.threshold), cursor: cursorOf([String(start + index + 1)]) }));
      return {
        edges,
        pageInfo: { hasNextPage: start + limit < all.length, endCursor: edges.at(-1)?.cursor ?? null },
        totalCount: all.length,
        ...sumsOf(all, reach, estimates, this.threshold),
      };
    }));
  }
}

const readFilter = (filter: PortfolioFilter | null | undefined): Filter => {
  const refusals: Refusal[] = [];
  const refuse = (code: string, message: string, name: string): void => void refusals.push({ code, message, path: ['filter', name] });
  const missions = filter?.missions ?? [];
  const interventions = filter?.interventions ?? [];
  if (missions.length > MOST_LISTED || missions.some((code) => !isMissionCode(code))) refuse('MISSION_INVALID', `missions are codes such as PE or TR-GZT, ${MOST_LISTED} at most.`, 'missions');
  if (interventions.length > MOST_LISTED || interventions.some((id) => !isUuid(id))) refuse('ID_INVALID', `interventions are ids (lower-case UUIDs), ${MOST_LISTED} at most.`, 'interventions');
  for (const name of ['fromMonth', 'untilMonth'] as const) {
    const month = filter?.[name];
    if (month && !MONTH.test(month)) refuse('MONTH_INVALID', `${name} is written 2026-03.`, name);
  }
  if (filter?.fromMonth && filter.untilMonth && filter.untilMonth < filter.fromMonth) refuse('MONTHS_REVERSED', 'untilMonth is before fromMonth.', 'untilMonth');
  throwIfRefused(refusals);
  return { missions, interventions, kinds: filter?.kinds ?? [], fromMonth: filter?.fromMonth || null, untilMonth: filter?.untilMonth || null };
};

