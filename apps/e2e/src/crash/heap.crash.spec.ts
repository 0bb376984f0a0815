import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventLogMigrations } from '@common-ground/messaging';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import pg from 'pg';
import { Lane } from './lane.js';
import { MISSION } from './plan.js';
import { TALLIES } from './readers.js';
import { WRITER_TOPIC } from './writer.js';

const HEAP_MB = 160;
const MESSAGE_BYTES = 10 * 1024 * 1024;
const MESSAGES = 24;

/** Past the log's own door, which lets in nothing of the kind; positions stay dense, as its sequencer keeps them. */
const lay = async (admin: FreshDatabase['admin'], topic: string): Promise<void> => {
  const client = new pg.Client(admin);
  await client.connect();
  for (let message = 0; message < MESSAGES; message += 1) {
    const headers = { ce_id: randomUUID(), ce_type: 'commonground.scheduling.v1.ActivityHeld', ce_time: new Date().toISOString() };
    await client.query(
      `WITH taken AS (UPDATE log_topic SET head = head + 1 WHERE topic = $1 RETURNING head)
       INSERT INTO log_fact (topic, position, fact_id, key, headers, data) SELECT $1, head, $2, $3, $4, $5 FROM taken`,
      [topic, headers.ce_id, randomUUID(), JSON.stringify(headers), randomBytes(MESSAGE_BYTES)],
    );
  }
  await client.end();
};

describe('a service whose heap is small', () => {
  let logDatabase: FreshDatabase;
  let lane: Lane;
  beforeAll(async () => {
    logDatabase = await freshDatabase({ service: 'event_log', migrations: eventLogMigrations });
    lane = await Lane.open({ name: 'small', log: { kind: 'postgres', database: logDatabase.app }, heapMb: HEAP_MB });
  });
  afterAll(async () => {
    await lane?.close();
    await logDatabase?.drop();
  });

  it('lives through messages of 10 MB: each is parked, described and not kept, and facts flow on', async () => {
    // They lie there all at once when it comes back.
    await lane.member('readers').end();
    await lay(logDatabase.admin, `small.${WRITER_TOPIC}`);
    await lane.start('readers');
    const activities = Array.from({ length: 3 }, () => ({ activityId: randomUUID(), startsAt: '2026-03-02T15:00:00Z' }));
    const interventionId = randomUUID();
    await lane.ask('writer', { execute: { name: 'plan', commandId: randomUUID(), mission: MISSION, interventionId, activities } });
    expect(await Promise.race([lane.settled(240_000), lane.member('readers').gone])).toBeUndefined();
    for (const group of TALLIES) expect(await lane.observer.effects(group, [interventionId])).toHaveLength(activities.length);
    expect(await lane.observer.parked()).toBe((TALLIES.length + 1) * MESSAGES);
  }, 300_000);
});
