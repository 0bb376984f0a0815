import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbedded } from './platform-under-test/embedded.js';
import type { PlatformUnderTest } from './platform-under-test/platform-under-test.js';
import { startSeparateServices } from './platform-under-test/separate-services.js';
import { syntheticTrial, writeFiles } from './synthetic-trial.fixture.js';
import { verifyTrial, type Verified } from './verify-trial/verify-trial.js';

const SIX_DECIMALS = 6;
const trial = syntheticTrial();
const onKafka = process.env['COMMON_GROUND_NO_KAFKA'] === 'true' ? describe.skip : describe;

const doesTheMainJob = (transport: string, start: () => Promise<PlatformUnderTest>): void => {
  let platform: PlatformUnderTest | undefined;
  let folder: string;
  let seen: Verified;
  beforeAll(async () => {
    folder = writeFiles(mkdtempSync(join(tmpdir(), 'common-ground-trial-')), trial.files);
    platform = await start();
    seen = await verifyTrial(platform, folder, transport);
  });
  afterAll(async () => {
    await platform?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('shows the held activities, the one side that was there, and the answers by wave', () => {
    expect(seen).toMatchObject({ transport, activitiesHeld: trial.held, participants: { host: trial.participants, migrant: 0 }, answers: trial.answers });
  });

  it.each(trial.items.map((item) => [item.item, item] as const))('shows for %s the people and the changes that plain sums give, to six decimals', (code, expected) => {
    const item = seen.items.find((one) => one.item === code);
    expect(item?.n).toBe(expected.n);
    expect(item?.changeComparison).toBeCloseTo(expected.changeComparison, SIX_DECIMALS);
    expect(item?.changeTreatment).toBeCloseTo(expected.changeTreatment, SIX_DECIMALS);
    expect(item?.difference).toBeCloseTo(expected.difference, SIX_DECIMALS);
  });

  it('marks as harm the item that got worse, and neither the one that did not move nor the one that got better', () => {
    expect(seen.items.map(({ item, harmful }) => [item, harmful])).toEqual(trial.items.map(({ item, harmful }) => [item, harmful]));
  });

  it('gives every difference an interval around it, with fewer degrees of freedom than clusters', () => {
    for (const { difference, standardError, df, intervalLow, intervalHigh } of seen.items) {
      expect(intervalLow).toBeLessThan(difference);
      expect(intervalHigh).toBeGreaterThan(difference);
      expect((intervalLow + intervalHigh) / 2).toBeCloseTo(difference, SIX_DECIMALS);
      expect(standardError).toBeGreaterThan(0);
      expect(df).toBeLessThan(16);
    }
  });

  it('raises one flag a rule and subject, and alerts once to each', () => {
    expect(seen.flags).toEqual([
      { rule: 'outcome-worsened', subject: 'fewer', count: 1 },
      { rule: 'one-side-missing', subject: 'synthetic-trial', count: trial.held },
    ]);
    expect(seen.alertsReceived).toBe(2);
    expect(seen.secondsFromLastAnswerToAlert).not.toBeNull();
  });
};

describe('a trial through the whole platform in one process', () => {
  doesTheMainJob('postgres', () => startEmbedded());
});

onKafka('a trial through separate services on Kafka', () => {
  doesTheMainJob('kafka', () => startSeparateServices());
});
