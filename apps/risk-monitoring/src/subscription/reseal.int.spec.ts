import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readAlertSettings } from '../config.js';
import { monitor, type RiskMonitoringAtWork, riskMonitoringAtWork, settings } from '../risk-monitoring.fixture.js';
import { resealSubscriptions } from './reseal.js';
import { SecretBox } from './secret-box.js';
import { SubscriptionService } from './subscription.service.js';

const [old, fresh] = [randomBytes(32), randomBytes(32)];
let risk: RiskMonitoringAtWork;
beforeAll(async () => {
  risk = await riskMonitoringAtWork(settings({ secretsKeys: [old] }));
});
afterAll(() => risk.stop());

const wanted = (change = {}) => ({ commandId: randomUUID(), id: randomUUID(), channel: 'webhook', target: 'https://hooks.example.org/a', missions: [], rules: [], minimumSeverity: 0, ...change });
const serviceWith = (...secretsKeys: Buffer[]) => new SubscriptionService(risk.database, new SecretBox(secretsKeys), risk.clock, settings({ secretsKeys }));
const digests = () => risk.asEverybody((tx) => tx.query<{ digest: string }>('SELECT DISTINCT target_digest AS digest FROM subscription WHERE channel = $1', ['webhook']));

describe('exchanging the key that seals secrets', () => {
  const command = wanted();

  it('goes step by step, and at no step is a subscription out of reach', async () => {
    const first = await risk.subscriptions.subscribe(command, monitor);
    const cancelled = await risk.subscriptions.subscribe(wanted(), monitor);
    await risk.subscriptions.cancel({ commandId: randomUUID(), subscriptionId: cancelled.subscription.id }, monitor);
    await risk.subscriptions.subscribe(wanted({ channel: 'in-app', target: '' }), monitor);

    // The new key in front: it seals what comes, the old one still opens what is there.
    const between = serviceWith(fresh, old);
    expect(await between.subscribe(command, monitor)).toEqual(first);
    await between.subscribe(wanted(), monitor);
    expect(await digests()).toHaveLength(2);

    expect(await resealSubscriptions(risk.database, new SecretBox([fresh, old]), 2)).toEqual({ resealed: 3, current: 1 });
    expect(await resealSubscriptions(risk.database, new SecretBox([fresh, old]), 2)).toEqual({ resealed: 0, current: 4 });

    // And the old one goes: everything opens without it, and equal addresses are known as equal again.
    const after = serviceWith(fresh);
    expect(await after.subscribe(command, monitor)).toEqual(first);
    expect(await after.list(monitor)).toHaveLength(3);
    expect(await digests()).toHaveLength(1);
  });

  it('names what no key opens, and alters nothing', async () => {
    await expect(resealSubscriptions(risk.database, new SecretBox([randomBytes(32)]))).rejects.toThrow(/None of the keys in RISK_SECRETS_KEY opens the subscription [\da-f-]{36}: add the key/);
    expect(await serviceWith(fresh).list(monitor)).toHaveLength(3);
  });

  it('reads the keys as they are written in the setting, and refuses a key that is none', () => {
    const text = `${fresh.toString('base64')}, ${old.toString('base64')}`;
    expect(readAlertSettings({ RISK_SECRETS_KEY: text }).secretsKeys).toEqual([fresh, old]);
    for (const wrong of [`${text},`, `${text},c2hvcnQ=`, ',']) expect(() => readAlertSettings({ RISK_SECRETS_KEY: wrong })).toThrow(/RISK_SECRETS_KEY has a value that does not do: give 32 bytes in base64/);
  });
});
