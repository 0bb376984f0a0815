import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aNewActivity, aProgramme, aRecord, hoursFromNow, officerOf, type Programme, schedulingAtWork, type SchedulingAtWork } from '../scheduling.fixture.js';

let work: SchedulingAtWork;
let peru: Programme;
beforeAll(async () => {
  work = await schedulingAtWork();
  peru = aProgramme('PE', 300);
  await work.consume(...peru.facts);
});
afterAll(() => work?.stop());

const officer = { caller: officerOf('PE'), quiet: false };

/** How many statements of our own reach the server while something runs; those that frame a transaction are not counted. */
const statementsDuring = async (action: () => Promise<unknown>): Promise<number> => {
  const { dataSource } = work.database;
  const create = dataSource.createQueryRunner.bind(dataSource);
  let count = 0;
  dataSource.createQueryRunner = (mode) => {
    const runner = create(mode);
    const query = runner.query.bind(runner) as (...given: unknown[]) => Promise<never>;
    runner.query = (...given: unknown[]) => {
      if (!/^(START|COMMIT|SET|SELECT set_config)/.test(String(given[0]))) count += 1;
      return query(...given);
    };
    return runner;
  };
  try {
    await action();
  } finally {
    dataSource.createQueryRunner = create;
  }
  return count;
};

describe('a batch of records', () => {
  it('of 200 with six people each is a handful of statements, and again is the same', async () => {
    const planned = Array.from({ length: 200 }, () => aNewActivity());
    await work.plan(peru, ...planned);
    const records = planned.map(({ id }, index) => aRecord(id, [...peru.migrants.slice(index, index + 3), ...peru.hosts.slice(index, index + 3)]));
    const command = { commandId: randomUUID(), records };
    let outcomes: readonly { outcome: string }[] = [];
    const statements = await statementsDuring(async () => (outcomes = await work.activities.recordManyHeld(command, officer)));
    expect([outcomes.length, outcomes.every(({ outcome }) => outcome === 'accepted')]).toEqual([200, true]);
    expect(statements).toBeLessThanOrEqual(9);
    expect(await work.activities.recordManyHeld(command, officer)).toEqual(outcomes);
    const again = await work.activities.recordManyHeld({ ...command, commandId: randomUUID() }, officer);
    expect(again.every(({ outcome }) => outcome === 'unchanged')).toBe(true);
    expect(await work.factsOf(planned[199]!.id)).toMatchObject([{ type: 'ActivityPlanned' }, { type: 'ActivityHeld', sequence: 2, data: { presentBySide: [{ side: 'migrant', count: 3 }, { side: 'host', count: 3 }] } }]);
    await expect(work.activities.recordManyHeld({ commandId: randomUUID(), records: [...records, records[0]!] }, officer)).rejects.toMatchObject({ code: 'BATCH_TOO_LARGE' });
  });

  it('accepts or refuses each on its own', async () => {
    const [fine, future, elsewhere] = [aNewActivity(), aNewActivity({ startsAt: hoursFromNow(2), endsAt: hoursFromNow(3) }), aNewActivity()];
    const turkey = aProgramme('TR');
    await work.consume(...turkey.facts);
    await work.plan(peru, fine, future);
    await work.plan(turkey, elsewhere);
    const people = peru.hosts.slice(0, 2);
    const records = [
      aRecord(fine.id, people),
      aRecord(fine.id, people),
      aRecord(fine.id, people, { groups: [] }),
      aRecord(future.id, people),
      aRecord(elsewhere.id, []),
      aRecord('no id', []),
      aRecord(future.id, [randomUUID()]),
    ];
    const outcomes = await work.activities.recordManyHeld({ commandId: randomUUID(), records }, officer);
    expect(outcomes.map(({ outcome, code, path }) => [outcome, code, path.join('.')])).toEqual([
      ['accepted', '', ''],
      ['unchanged', '', ''],
      ['refused', 'ALREADY_RECORDED', 'activityId'],
      ['refused', 'NOT_STARTED', 'startsAt'],
      ['refused', 'ACTIVITY_UNKNOWN', 'activityId'],
      ['refused', 'ACTIVITY_UNKNOWN', 'activityId'],
      ['refused', 'NOT_STARTED', 'startsAt'],
    ]);
    expect(await work.factsOf(future.id)).toHaveLength(1);
  });

  it('sent twice in opposite order at once does not wait in a circle', async () => {
    const planned = Array.from({ length: 40 }, () => aNewActivity());
    await work.plan(peru, ...planned);
    const records = planned.map(({ id }) => aRecord(id, peru.hosts.slice(0, 2)));
    const send = (wanted: typeof records) => work.activities.recordManyHeld({ commandId: randomUUID(), records: wanted }, officer);
    const both = await Promise.all([send(records), send([...records].reverse())]);
    expect(both.flat().filter(({ outcome }) => outcome === 'accepted')).toHaveLength(40);
    expect(both.flat().filter(({ outcome }) => outcome === 'unchanged')).toHaveLength(40);
  });
});
