import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { analyst, facilitator, monitor, officerOf, type RiskMonitoringAtWork, riskMonitoringAtWork } from '../risk-monitoring.fixture.js';
import { actFor } from './subscription.repository.js';

let risk: RiskMonitoringAtWork;
beforeAll(async () => {
  risk = await riskMonitoringAtWork();
});
afterAll(() => risk.stop());

const wanted = (change = {}) => ({ commandId: randomUUID(), id: randomUUID(), channel: 'webhook', target: 'https://hooks.example.org/secret-path', missions: ['PE'], rules: ['poor-contact'], minimumSeverity: 5, ...change });

describe('subscriptions', () => {
  it('answer the same command again with the same, secret and all, and show the secret nowhere else', async () => {
    const command = wanted();
    const first = await risk.subscriptions.subscribe(command, monitor);
    expect(first.signingSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(first.subscription).toMatchObject({ id: command.id, target: command.target, missions: ['PE'], rules: ['poor-contact'], minimumSeverity: 5, createdAt: risk.clock.now() });
    expect(await risk.subscriptions.subscribe(command, monitor)).toEqual(first);
    expect(JSON.stringify(await risk.subscriptions.list(monitor))).not.toContain('whsec_');
    await expect(risk.subscriptions.subscribe({ ...command, minimumSeverity: 6 }, monitor)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    await expect(risk.subscriptions.subscribe(command, officerOf('PE'))).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
    await expect(risk.subscriptions.subscribe(wanted({ id: command.id }), officerOf('PE'))).rejects.toMatchObject({ kind: 'conflict', code: 'SUBSCRIPTION_ID_TAKEN' });
  });

  it('keep addresses and secrets where nobody can read them', async () => {
    const { signingSecret } = await risk.subscriptions.subscribe(wanted(), monitor);
    const kept = await risk.asEverybody((tx) => tx.query<{ row: string }>(`SELECT subscription::text || encode(target, 'escape') || coalesce(encode(signing_secret, 'escape'), '') AS row FROM subscription`));
    const answers = await risk.asEverybody((tx) => tx.query<{ row: string }>('SELECT command::text AS row FROM command'));
    for (const { row } of [...kept, ...answers]) for (const secret of ['secret-path', 'hooks.example.org', signingSecret]) expect(row).not.toContain(secret);
  });

  it('are cancelled once for all, by their own subscriber', async () => {
    const caller = officerOf('PE');
    const { subscription } = await risk.subscriptions.subscribe(wanted(), caller);
    const command = { commandId: randomUUID(), subscriptionId: subscription.id };
    await expect(risk.subscriptions.cancel({ ...command, commandId: randomUUID() }, monitor)).rejects.toMatchObject({ kind: 'not-found', code: 'SUBSCRIPTION_UNKNOWN' });
    expect(await risk.subscriptions.list(caller)).toHaveLength(1);
    await risk.subscriptions.cancel(command, caller);
    await risk.subscriptions.cancel(command, caller);
    expect(await risk.subscriptions.list(caller)).toEqual([]);
    await expect(risk.subscriptions.cancel({ ...command, subscriptionId: 'no id', commandId: randomUUID() }, caller)).rejects.toMatchObject({ code: 'SUBSCRIPTION_UNKNOWN' });
  });

  it('show nothing to who names nobody, even under the scope of everything', async () => {
    await risk.subscriptions.subscribe(wanted(), monitor);
    expect(await risk.database.read(EVERYTHING, (tx) => tx.query('SELECT id FROM subscription'))).toEqual([]);
    const other = await risk.database.read(EVERYTHING, async (tx) => {
      await actFor(tx, 'somebody else');
      return tx.query('SELECT id FROM subscription');
    });
    expect(other).toEqual([]);
  });

  it('are refused out of scope, by e-mail where none is sent, and to whom they are not for', async () => {
    await expect(risk.subscriptions.subscribe(wanted({ missions: ['TR'] }), officerOf('PE'))).rejects.toMatchObject({ kind: 'not-found', code: 'MISSION_UNKNOWN' });
    await expect(risk.subscriptions.subscribe(wanted({ channel: 'e-mail', target: 'a@example.org' }), monitor)).rejects.toMatchObject({ code: 'EMAIL_NOT_CONFIGURED' });
    for (const caller of [analyst, facilitator]) await expect(risk.subscriptions.subscribe(wanted(), caller)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});
