import DataLoader from 'dataloader';
import type { evaluation, registry, risk, scheduling, shared } from '@common-ground/contracts';
import type { CallContext } from '@common-ground/platform';
import type { Services } from './services.js';

/** Ids in one call at most; a page has 100 rows and few fields that look elsewhere. */
const MOST = 100;

const byKey = <T>(keys: readonly string[], rows: readonly T[], keyOf: (row: T) => string): (T | undefined)[] => {
  const found = new Map(rows.map((row) => [keyOf(row), row]));
  return keys.map((key) => found.get(key));
};

const groupedBy = <T>(keys: readonly string[], rows: readonly T[], keyOf: (row: T) => string): T[][] => {
  const groups = new Map<string, T[]>();
  for (const row of rows) (groups.get(keyOf(row)) ?? groups.set(keyOf(row), []).get(keyOf(row)))?.push(row);
  return keys.map((key) => groups.get(key) ?? []);
};

export type Loaders = {
  readonly missions: DataLoader<string, registry.Mission | undefined>;
  readonly interventions: DataLoader<string, registry.Intervention | undefined>;
  readonly activities: DataLoader<string, scheduling.Activity | undefined>;
  /** By activity. */
  readonly groupPlans: DataLoader<string, scheduling.GroupPlan | undefined>;
  readonly instruments: DataLoader<string, evaluation.Instrument | undefined>;
  readonly flags: DataLoader<string, risk.Flag | undefined>;
  /** By intervention. */
  readonly estimates: DataLoader<string, evaluation.Estimate[]>;
  /** First pages of what belongs to an intervention, by page and then by intervention. */
  readonly pages: PageLoaders;
};

export type Rows<T> = { readonly rows: readonly T[]; readonly info: shared.PageInfo | undefined };

/** A list below an intervention. One call per intervention, each shared by all who ask for the same page. */
export class PageLoaders {
  constructor(private readonly kept: boolean) {}

  private readonly asked = new Map<string, Promise<Rows<unknown>>>();

  get<T>(what: string, read: () => Promise<Rows<T>>): Promise<Rows<T>> {
    const known = this.asked.get(what) as Promise<Rows<T>> | undefined;
    if (known) return known;
    const reading = read();
    if (this.kept) this.asked.set(what, reading);
    return reading;
  }
}

/**
 * Made anew for every operation: what one caller may see is never kept for another.
 * `live`: for subscriptions, which go on for hours; nothing that was read is kept.
 */
export const loadersFor = (services: Services, call: CallContext, { live = false } = {}): Loaders => {
  const batched = <V>(load: (keys: readonly string[]) => Promise<V[]>) => new DataLoader<string, V>(load, { maxBatchSize: MOST, cache: !live });
  return {
    missions: batched(async (codes) => byKey(codes, (await services.registry.batchGetMissions({ missions: [...codes] }, call)).missions, ({ mission }) => mission)),
    interventions: batched(async (ids) => byKey(ids, (await services.registry.batchGetInterventions({ ids: [...ids] }, call)).interventions, ({ id }) => id)),
    activities: batched(async (ids) => byKey(ids, (await services.scheduling.batchGetActivities({ ids: [...ids] }, call)).activities, ({ id }) => id)),
    groupPlans: batched(async (ids) => byKey(ids, (await services.scheduling.batchGetGroupPlans({ activityIds: [...ids] }, call)).plans, ({ activityId }) => activityId)),
    instruments: batched(async (ids) => byKey(ids, (await services.evaluation.batchGetInstruments({ ids: [...ids] }, call)).instruments, ({ id }) => id)),
    flags: batched(async (ids) => byKey(ids, (await services.risk.batchGetFlags({ ids: [...ids] }, call)).flags, ({ id }) => id)),
    estimates: batched(async (ids) => groupedBy(ids, (await services.evaluation.listEstimates({ interventionIds: [...ids] }, call)).estimates, ({ interventionId }) => interventionId)),
    pages: new PageLoaders(!live),
  };
};
