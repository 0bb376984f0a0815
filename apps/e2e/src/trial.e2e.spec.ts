import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startEmbedded } from './platform-under-test/embedded.js';
import type { PlatformUnderTest } from './platform-under-test/platform-under-test.js';
import { startSeparateServices } from './platform-under-test/separate-services.js';
import { syntheticTrial, withoutComparison, writeFiles } from './synthetic-trial.fixture.js';
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

  it('says of each item what the design allows, harm in so many words', () => {
    const [fewer, language, warmth] = seen.items;
    expect(seen.items.map(({ method, rung }) => [method, rung])).toEqual(trial.items.map(() => ['two-arm-change-cr2', 5]));
    expect(fewer?.sentence).toMatch(/^Effect on fewer at post: \+.*This is harm/);
    expect(language?.sentence).toContain('may be nothing');
    expect(warmth?.sentence).toContain('helpful side');
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

describe('a trial without its comparison arm', () => {
  let platform: PlatformUnderTest | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'common-ground-one-arm-'));
  afterAll(async () => {
    await platform?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('speaks of change by itself, and never of an effect', async () => {
    platform = await startEmbedded();
    const seen = await verifyTrial(platform, writeFiles(folder, withoutComparison(trial.files)), 'postgres');
    expect(seen.items.map(({ method, rung }) => [method, rung])).toEqual(trial.items.map(() => ['one-group-change-cr2', 2]));
    for (const { item, sentence } of seen.items) {
      expect(sentence).toMatch(new RegExp(`^Change in ${item} from baseline to post`));
      expect(sentence).not.toMatch(/effect|harm:/i);
    }
  });
});

onKafka('a trial through separate services on Kafka', () => {
  doesTheMainJob('kafka', () => startSeparateServices());
});
