import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { FaultProxy, startKafka, type TestKafka } from '@common-ground/testing';
import { Kafka, logLevel } from 'kafkajs';
import { Pipeline } from '../pipeline.fixture.js';
import { KafkaLog } from './kafka-log.js';

const unavailable = process.env['COMMON_GROUND_NO_KAFKA'] === 'true' || process.env['KAFKA_BROKERS'] !== undefined;

(unavailable ? describe.skip : describe)('Apache Kafka that fails', () => {
  let kafka: TestKafka;
  let line: FaultProxy;
  let pipeline: Pipeline | undefined;
  const openLog = (): KafkaLog => new KafkaLog({ brokers: kafka.brokers, clientId: 'faults', partitions: 3, replicationFactor: 1 });
  const startPipeline = async (): Promise<Pipeline> => (pipeline = await Pipeline.start({ openLog }));

  beforeAll(async () => {
    // kafkajs tells of every line that breaks.
    Logger.overrideLogger(false);
    let port = 0;
    line = await FaultProxy.start(() => ({ host: '127.0.0.1', port }));
    kafka = await startKafka(async (own) => ((port = own), line.port));
  }, 180_000);
  afterEach(async () => {
    line.mend();
    await pipeline?.close();
    pipeline = undefined;
  }, 60_000);
  afterAll(async () => {
    await kafka?.stop();
    await line?.close();
  }, 60_000);

  it.each([
    ['stands still for 8 seconds', async () => { kafka.pause(); await pause(8_000); kafka.resume(); }],
    ['is killed and started again', async () => { await kafka.kill(); await kafka.restart(); }],
  ])('loses nothing, doubles nothing and keeps the order when the broker %s', async (name, fault) => {
    const flow = await startPipeline();
    await fault();
    await flow.recovers(`broker ${name}`);
    await flow.check();
  }, 300_000);

  it('is fed again by itself when the broker is wiped: consumers that are new to it find everything in order', async () => {
    const flow = await startPipeline();
    await kafka.kill();
    await kafka.restartWiped();
    await flow.recovers('broker is wiped');
    await flow.check();
    const newcomer = openLog();
    const seen = new Map<string, number[]>();
    await newcomer.replay({
      topics: [flow.topic],
      onBatch: async ({ records }) => {
        for (const { headers } of records) {
          const versions = seen.get(headers['ce_subject'] ?? '') ?? [];
          if (!versions.includes(Number(headers['ce_sequence']))) versions.push(Number(headers['ce_sequence']));
          seen.set(headers['ce_subject'] ?? '', versions);
        }
      },
    });
    await newcomer.close();
    const applied = await flow.applied();
    for (const subject of new Set(applied.map((one) => one.subject))) expect(seen.get(subject)).toEqual(applied.filter((one) => one.subject === subject).map(({ sequence }) => sequence));
  }, 180_000);

  it('goes on when its topic is deleted: it is made anew and fed again', async () => {
    const flow = await startPipeline();
    const admin = new Kafka({ clientId: 'deletes', brokers: [...kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [flow.topic] });
    await admin.disconnect();
    await flow.recovers('topic is deleted');
    await flow.check();
  }, 180_000);

  it.each<[string, () => Promise<void>]>([
    ['is 200 ms slow each way', async () => { line.spoil({ delayMs: 200 }); await pause(4_000); }],
    ['is reset again and again', async () => { for (let times = 0; times < 10; times += 1) { line.reset(); await pause(300); } }],
    ['is half open: nothing comes back', async () => { line.spoil({ silent: 'to-client' }); await pause(6_000); }],
    ['is a black hole', async () => { line.spoil({ silent: 'both' }); await pause(6_000); }],
    ['is cut', async () => { line.cut(); await pause(6_000); }],
  ])('loses nothing, doubles nothing and keeps the order when the line to it %s', async (name, fault) => {
    const flow = await startPipeline();
    await fault();
    line.mend();
    await flow.recovers(`line to Kafka ${name}`);
    await flow.check();
  }, 180_000);

  it('is waited for by services that start while nobody can reach it', async () => {
    line.cut();
    const starting = startPipeline();
    await pause(7_000);
    line.mend();
    const flow = await starting;
    await flow.recovers('services started before their broker');
    await flow.check();
  }, 180_000);

  it('keeps its promises while a third consumer joins and leaves in a storm, beside two relays', async () => {
    const flow = await startPipeline();
    flow.addRelay();
    await flow.addConsumer();
    for (let times = 0; times < 6; times += 1) {
      const third = await flow.addConsumer();
      await pause(times * 100);
      await third.close();
    }
    await flow.recovers('third consumer joining and leaving');
    await flow.check();
  }, 180_000);
});
