import type { Scope } from '@common-ground/kernel';
import type { EventLog } from '@common-ground/messaging';
import { Database, type Transaction } from '@common-ground/persistence';
import type { DataSource } from 'typeorm';
import type { Failpoint, Place } from './failpoint.js';

export type Commits = { readonly before: Place; readonly after: Place };
const SWAPS = /^UPDATE portfolio_model SET state|^DELETE FROM \w+ WHERE ctid/;

/** A database whose process may die on either side of a commit, or at a statement of a rebuild. */
export class DyingDatabase extends Database {
  constructor(
    dataSource: DataSource,
    private readonly failpoint: Failpoint,
    private readonly commits: Commits,
  ) {
    super(dataSource);
  }

  override run<T>(scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return super.run(scope, async (tx) => {
      // Before anything else that waits for the commit, as the relay's bell does.
      tx.afterCommit(() => this.failpoint.reach(this.commits.after));
      const query = <R>(sql: string, parameters?: readonly unknown[]): Promise<R[]> => {
        this.failpoint.reach(SWAPS.test(sql) ? 'rebuild-swap' : 'rebuild-fold');
        return tx.query<R>(sql, parameters);
      };
      const result = await work({ ...tx, query });
      this.failpoint.reach(this.commits.before);
      return result;
    });
  }
}

/** Everything passed on as it is: what a log is wrapped in alters the rest. */
const passedOn = (log: EventLog): EventLog => ({
  ensureTopics: (topics) => log.ensureTopics(topics),
  publish: (topic, facts) => log.publish(topic, facts),
  head: (topic) => log.head(topic),
  subscribe: (options) => log.subscribe(options),
  replay: (options) => log.replay(options),
  lag: (group, topics) => log.lag(group, topics),
  health: () => log.health(),
  forgetGroup: (group) => log.forgetGroup(group),
  close: () => log.close(),
});

/** Whoever publishes through it may die before, within and after. */
export const dyingLog = (log: EventLog, failpoint: Failpoint): EventLog => ({
  ...passedOn(log),
  publish: async (topic, facts) => {
    failpoint.reach('before-publish');
    if (facts.length > 1 && failpoint.isArmedAt('within-batch')) {
      const some = Math.ceil(facts.length / 2);
      await log.publish(topic, facts.slice(0, some));
      failpoint.reach('within-batch');
      await log.publish(topic, facts.slice(some));
    } else await log.publish(topic, facts);
    failpoint.reach('after-publish');
  },
  forgetGroup: async (group) => {
    failpoint.reach('rebuild-swap');
    await log.forgetGroup(group);
  },
});

/** Topics and groups of its own on a log that is shared, so that many can be at work on one broker. */
export const logOfItsOwn = (log: EventLog, name: string): EventLog => {
  const own = (shared: string): string => `${name}.${shared}`;
  return {
    ...passedOn(log),
    ensureTopics: (topics) => log.ensureTopics(topics.map(own)),
    publish: (topic, facts) => log.publish(own(topic), facts),
    head: (topic) => log.head(own(topic)),
    subscribe: ({ group, topics, ...rest }) => log.subscribe({ ...rest, group: own(group), topics: topics.map(own) }),
    replay: ({ topics, onBatch }) => log.replay({ topics: topics.map(own), onBatch }),
    lag: (group, topics) => log.lag(own(group), topics.map(own)),
    forgetGroup: (group) => log.forgetGroup(own(group)),
  };
};

/** A log as it must not be: it says that it has facts while it still holds them, and lets them go with the next. */
export const takesLate = (log: EventLog): EventLog => {
  let held: (() => Promise<void>) | undefined;
  return {
    ...passedOn(log),
    publish: async (topic, facts) => {
      const before = held;
      held = () => log.publish(topic, facts);
      await before?.();
    },
  };
};
