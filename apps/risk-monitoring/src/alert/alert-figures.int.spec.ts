import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { anEstimate, aPlace, officerOf, type RiskMonitoringAtWork, riskMonitoringAtWork } from '../risk-monitoring.fixture.js';
import { recentLatencies, recentlyGivenUp } from './alert.repository.js';

const GONE = 410;
const SECOND_MS = 1_000;

describe('the figures of alerts', () => {
  let risk: RiskMonitoringAtWork;
  let hook: Server;
  let status = 204;
  const caller = officerOf('PE');
  const subscription = { id: randomUUID(), channel: 'webhook', target: '', missions: [], rules: [], minimumSeverity: 0 };

  beforeAll(async () => {
    risk = await riskMonitoringAtWork();
    hook = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    await risk.subscriptions.subscribe({ ...subscription, commandId: randomUUID(), target: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/` }, caller);
  });
  afterAll(async () => {
    hook.close();
    await risk.stop();
  });

  /** A flag is raised by what was accepted so long ago, and its alert is sent now. */
  const alert = async (acceptedAgoMs: number): Promise<void> => {
    const now = new Date();
    risk.clock.moveTo(now);
    await risk.hear([{ name: 'OutcomeEstimated', data: anEstimate(aPlace('PE')), time: new Date(now.getTime() - acceptedAgoMs) }]);
    const worker = risk.worker();
    await worker.takeUp();
    await worker.settled();
  };
  const latencies = () => risk.asEverybody(recentLatencies);

  it('tell how long it took from the accepted command to the delivered alert, by channel', async () => {
    expect(await latencies()).toEqual([]);
    for (const seconds of [10, 20, 300]) await alert(seconds * SECOND_MS);
    expect((await latencies()).map(({ channel, quantile, seconds }) => [channel, quantile, Math.round(seconds)])).toEqual([['webhook', '0.5', 20], ['webhook', '0.95', 272], ['webhook', '1', 300]]);
  });

  it('forget what was delivered longer ago', async () => {
    await risk.asEverybody((tx) => tx.query(`UPDATE alert SET delivered_at = clock_timestamp() - interval '16 minutes'`));
    expect(await latencies()).toEqual([]);
  });

  it('count what was given up, until its subscriber is no longer one', async () => {
    expect(await risk.asEverybody(recentlyGivenUp)).toBe(0);
    status = GONE;
    await alert(SECOND_MS);
    expect(await risk.asEverybody(recentlyGivenUp)).toBe(1);
    await risk.subscriptions.cancel({ commandId: randomUUID(), subscriptionId: subscription.id }, caller);
    expect(await risk.asEverybody(recentlyGivenUp)).toBe(0);
  });
});
