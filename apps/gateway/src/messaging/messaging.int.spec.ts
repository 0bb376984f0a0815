import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Facts, type operations, TOPICS } from '@common-ground/contracts';
import { DomainError, ROLES } from '@common-ground/kernel';
import { type FakeService, type GatewayAtWork, gatewayAtWork } from '../gateway.fixture.js';

const KEY = '0b9f6a2e-6f0e-4b5c-9a53-0a7d5c3e1f10';
const aLag = (service: string): operations.GetLagResponse => ({
  service,
  unpublished: 2,
  oldestUnpublishedSeconds: 1.5,
  consumers: [{ consumer: service, topics: [TOPICS.registry], facts: 3, seconds: undefined, parkedFacts: 1, parkedKeys: 1, redeliveries: 0, rebuilding: false }],
});
const aFact = (id: string): operations.ParkedFact => ({ id, consumer: id.split(':')[0] ?? '', key: KEY, verdict: 'poison', reason: 'cannot be decoded', attempts: 1, parkedAt: new Date('2026-03-01T10:00:00Z'), factId: randomUUID(), type: Facts.ActivityHeld.type, position: `${TOPICS.scheduling}/0/1` });

describe('the operator’s hand in GraphQL', () => {
  let at: GatewayAtWork;
  let fakes: Readonly<Record<string, FakeService>>;
  beforeAll(async () => {
    at = await gatewayAtWork();
    fakes = { evaluation: at.evaluation, registry: at.registry, 'risk-monitoring': at.risk, scheduling: at.scheduling };
  });
  afterAll(() => at.stop());
  beforeEach(() => {
    for (const [name, fake] of Object.entries(fakes)) {
      fake.forget();
      fake.when('getLag', () => aLag(name));
      fake.when('listParkedFacts', () => ({ facts: [], totalCount: 0, hasMore: false }));
      fake.when('retryParkedKey', () => ({ releases: [], known: false }));
    }
  });
  const away = (): never => {
    throw new DomainError('unavailable', 'STORAGE_UNAVAILABLE', 'away');
  };
  const mutate = async (name: string, input: object, fields: string) => {
    const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const answer = await at.ask(`mutation($input: ${title}Input!) { ${name}(input: $input) { ${fields} errors { code message path } } }`, { variables: { input: { commandId: randomUUID(), ...input } } });
    expect(answer.errors).toBeUndefined();
    return answer.data?.[name] as unknown as Record<string, unknown> & { errors: { code: string; path: string[] }[] };
  };

  const OPERATIONS = [
    '{ messagingLag { away } }',
    '{ parkedFacts { totalCount } }',
    '{ parkedFact(id: "scheduling:1") { state } }',
    '{ consumerReplay(consumer: "scheduling") { state } }',
    `mutation { retryParkedFact(input: { commandId: "${KEY}", id: "scheduling:1" }) { errors { code } } }`,
    `mutation { retryParkedKey(input: { commandId: "${KEY}", key: "PE" }) { errors { code } } }`,
    `mutation { discardParkedFact(input: { commandId: "${KEY}", id: "scheduling:1", reason: "why" }) { errors { code } } }`,
    `mutation { replayConsumer(input: { commandId: "${KEY}", consumer: "scheduling", from: "beginning" }) { errors { code } } }`,
  ];

  it.each(ROLES.filter((role) => role !== 'administrator'))('is out of reach of a %s, and no service is asked', async (role) => {
    for (const operation of OPERATIONS) {
      const answer = await at.ask(operation, { claims: { roles: [role], missions: ['PE'] } });
      const refused = answer.errors?.[0]?.extensions['reason'] ?? JSON.stringify(answer.data);
      expect([operation, refused]).toEqual([operation, expect.stringMatching(/ROLE_MISSING/)]);
    }
    expect(Object.values(fakes).flatMap(({ calls }) => calls)).toEqual([]);
  });

  it('tells how far every service is behind, the gateway among them, and who does not answer', async () => {
    fakes['evaluation']?.when('getLag', away);
    const answer = await at.ask('{ messagingLag { away services { service unpublished oldestUnpublishedSeconds consumers { consumer facts seconds parkedKeys } } } }');
    expect(answer.data?.['messagingLag']).toEqual({
      away: ['evaluation'],
      services: [
        { service: 'gateway', unpublished: 0, oldestUnpublishedSeconds: 0, consumers: [{ consumer: 'gateway-portfolio-1', facts: 0, seconds: 0, parkedKeys: 0 }] },
        ...['registry', 'risk-monitoring', 'scheduling'].map((service) => ({ service, unpublished: 2, oldestUnpublishedSeconds: 1.5, consumers: [{ consumer: service, facts: 3, seconds: null, parkedKeys: 1 }] })),
      ],
    });
  });

  it('lists what is parked anywhere, page by page, and hands the administrator’s own token on', async () => {
    const rows: Readonly<Record<string, readonly string[]>> = { evaluation: ['evaluation:1'], 'risk-monitoring': ['risk-monitoring:7', 'risk-monitoring:9', 'risk-monitoring:10'], scheduling: ['scheduling:2'] };
    for (const [name, ids] of Object.entries(rows)) {
      fakes[name]?.when('listParkedFacts', ({ first, after }: operations.ListParkedFactsRequest) => {
        const rest = ids.slice(after === '' ? 0 : ids.indexOf(after) + 1);
        return { facts: rest.slice(0, first).map(aFact), totalCount: ids.length, hasMore: rest.length > first };
      });
    }
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const answer = await at.ask('query($after: String) { parkedFacts(first: 2, after: $after) { totalCount hasNextPage away facts { id } } }', { variables: { after } });
      const page = answer.data?.['parkedFacts'] as unknown as { totalCount: number; hasNextPage: boolean; away: string[]; facts: { id: string }[] };
      expect([page.totalCount, page.away]).toEqual([5, []]);
      seen.push(...page.facts.map(({ id }) => id));
      after = page.facts.at(-1)?.id ?? null;
      more = page.hasNextPage;
    }
    expect(seen).toEqual(Object.values(rows).flat());
    expect(fakes['scheduling']?.calls[0]?.authorization).toMatch(/^Bearer ey/);
    fakes['registry']?.forget();
    await at.ask('{ parkedFacts(consumer: "scheduling") { totalCount } }');
    expect(fakes['registry']?.calls).toEqual([]);
  });

  it('finds the service of a fact by its id, and of a consumer by its name', async () => {
    fakes['risk-monitoring']?.when('retryParkedFact', () => ({ state: 'applied', release: { consumer: 'risk-monitoring', key: KEY, applied: 2, left: 0, heldBy: '', heldByReason: '' } }));
    expect(await mutate('retryParkedFact', { id: 'risk-monitoring:7' }, 'state release { applied left heldBy key }')).toEqual({ state: 'APPLIED', release: { applied: 2, left: 0, heldBy: null, key: KEY }, errors: [] });
    fakes['evaluation']?.when('replayConsumer', ({ commandId, consumer, from }: operations.ReplayConsumerRequest) => ({
      replay: { commandId, consumer, from, state: 'running', read: 0, applied: 0, skipped: 0, ignored: 0, parked: 0, why: '', actor: 'a', begunAt: new Date('2026-03-01T10:00:00Z'), endedAt: undefined },
    }));
    expect(await mutate('replayConsumer', { consumer: 'evaluation', from: 'beginning', reason: 'restored' }, 'replay { consumer state why endedAt begunAt }')).toEqual({
      replay: { consumer: 'evaluation', state: 'RUNNING', why: null, endedAt: null, begunAt: '2026-03-01T10:00:00.000Z' },
      errors: [],
    });
  });

  it('lets a key go in every service that holds it, names those that are away, and refuses a key that nobody knows', async () => {
    const release = { consumer: 'scheduling', key: KEY, applied: 1, left: 0, heldBy: '', heldByReason: '' };
    fakes['scheduling']?.when('retryParkedKey', () => ({ releases: [release], known: true }));
    fakes['evaluation']?.when('retryParkedKey', away);
    expect(await mutate('retryParkedKey', { key: KEY }, 'releases { consumer applied } away')).toEqual({ releases: [{ consumer: 'scheduling', applied: 1 }], away: ['evaluation'], errors: [] });
    fakes['scheduling']?.when('retryParkedKey', () => ({ releases: [], known: false }));
    fakes['evaluation']?.when('retryParkedKey', () => ({ releases: [], known: false }));
    expect(await mutate('retryParkedKey', { key: 'no-such-key' }, 'releases { consumer }')).toMatchObject({ releases: null, errors: [{ code: 'KEY_UNKNOWN', path: ['key'] }] });
  });

  it.each([
    ['retryParkedFact', { id: '42' }, 'PARKED_ID_INVALID', 'id'],
    ['discardParkedFact', { id: 'nowhere:42', reason: 'why' }, 'PARKED_ID_INVALID', 'id'],
    ['discardParkedFact', { id: 'gateway:424242', reason: 'why' }, 'PARKED_FACT_UNKNOWN', 'id'],
    ['discardParkedFact', { id: 'gateway:1', reason: '  ' }, 'REASON_MISSING', 'reason'],
    ['replayConsumer', { consumer: 'nobody', from: 'beginning' }, 'CONSUMER_UNKNOWN', 'consumer'],
    ['replayConsumer', { consumer: 'gateway-portfolio-99', from: 'beginning' }, 'CONSUMER_UNKNOWN', 'consumer'],
    ['replayConsumer', { consumer: 'gateway-portfolio-1', from: 'noon' }, 'REPLAY_FROM_INVALID', 'from'],
    ['retryParkedKey', { key: KEY, consumer: 'nobody' }, 'CONSUMER_UNKNOWN', 'consumer'],
  ])('answers %s of %p as data: %s at %s', async (name, input, code, path) => {
    expect((await mutate(name, input, '__typename')).errors).toMatchObject([{ code, path: [path] }]);
  });

  it('moves what the gateway itself has parked, and replays to its portfolio', async () => {
    const bad = { id: randomUUID(), type: Facts.ActivityHeld.type, source: 'scheduling', time: new Date(), key: KEY, subject: KEY, sequence: 1, mission: 'PE', quiet: false, data: Buffer.from([255, 255, 255]) };
    await at.log.publish(TOPICS.scheduling, [bad]);
    const parked = async () => ((await at.ask('{ parkedFacts { facts { id consumer key verdict type factId position } } }')).data?.['parkedFacts'] as unknown as { facts: Record<string, string>[] }).facts;
    while ((await parked()).length === 0) await pause(25);
    const [fact] = await parked();
    expect(fact).toMatchObject({ id: expect.stringMatching(/^gateway:\d+$/), consumer: 'gateway-portfolio-1', key: KEY, verdict: 'POISON', type: bad.type, factId: bad.id, position: `${TOPICS.scheduling}/0/1` });

    const id = fact?.['id'] ?? '';
    expect(await mutate('retryParkedFact', { id, reason: 'once more' }, 'state release { applied left heldBy heldByReason }')).toMatchObject({ state: 'PARKED', release: { applied: 0, left: 1, heldBy: id, heldByReason: expect.stringContaining('cannot be decoded') } });
    const discard = { commandId: randomUUID(), id, reason: 'nobody sent it' };
    const given = await mutate('discardParkedFact', discard, 'discarded { at actor action reason } release { applied left }');
    expect(given).toMatchObject({ discarded: { action: 'DISCARD', reason: 'nobody sent it' }, release: { applied: 0, left: 0 }, errors: [] });
    expect(await mutate('discardParkedFact', discard, 'discarded { at actor action reason } release { applied left }')).toEqual(given);
    const shown = await at.ask('query($id: ID!) { parkedFact(id: $id) { state fact { id } content history { action reason } } }', { variables: { id } });
    expect(shown.data?.['parkedFact']).toMatchObject({ state: 'DISCARDED', fact: null, content: null, history: [{ action: 'RETRY', reason: 'once more' }, { action: 'FAILED' }, { action: 'DISCARD', reason: 'nobody sent it' }] });

    const { replay } = await mutate('replayConsumer', { consumer: 'gateway-portfolio-1', from: 'beginning' }, 'replay { commandId state }');
    expect(replay).toMatchObject({ state: 'RUNNING' });
    const last = async () => (await at.ask('{ consumerReplay(consumer: "gateway-portfolio-1") { commandId state read applied skipped parked } }')).data?.['consumerReplay'] as unknown as Record<string, unknown>;
    while ((await last())['state'] === 'RUNNING') await pause(25);
    expect(await last()).toEqual({ commandId: (replay as { commandId: string }).commandId, state: 'DONE', read: 1, applied: 0, skipped: 1, parked: 0 });
  });
});
