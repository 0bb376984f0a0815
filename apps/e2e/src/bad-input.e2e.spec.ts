import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Facts, TOPICS } from '@common-ground/contracts';
import { headersOf } from '@common-ground/messaging';
import { importProgramme, readFolder } from '@common-ground/programme-folder';
import fc from 'fast-check';
import { importJWK, type JWK, SignJWT } from 'jose';
import { EmbeddedDatabases, eventually } from './embedded-databases.fixture.js';
import { type EmbeddedUnderTest, startEmbedded } from './platform-under-test/embedded.js';
import { type Answer, BATCHES, commandsNaming, type Named, OPERATION_OF, post } from './refusals.fixture.js';
import { syntheticTrial, writeFiles } from './synthetic-trial.fixture.js';
import { Person } from './verify-trial/person.js';

const MISSIONS = '{ missions { edges { node { mission } } } }';
const RUNS = 25;

let platform: EmbeddedUnderTest;
let databases: EmbeddedDatabases;
let administrator: Person;
let ours: Named;
let theirs: Named;
const tokens = new Map<string, string>();

const as = async (name: string): Promise<Record<string, string>> => {
  if (!tokens.has(name)) tokens.set(name, await (await Person.signIn(platform, name)).importing.token());
  return { authorization: `Bearer ${tokens.get(name)}` };
};
const send = async (who: string, query: string, variables: object = {}): Promise<Answer> => post(platform.graphqlUrl, JSON.stringify({ query, variables }), await as(who));
const command = (who: string, mutation: string, input: object): Promise<Answer> => send(who, OPERATION_OF(mutation, BATCHES.includes(mutation)), { input });

/** A clear refusal: the caller's fault, by code, nothing given away. */
const expectRefusal = ({ status, codes, text }: Answer): void => {
  expect(status).toBeLessThan(500);
  expect({ codes, text }).not.toEqual({ codes: [], text: expect.any(String) });
  expect(codes).not.toContain('INTERNAL');
  expect(codes).not.toContain('WITHOUT_CODE');
  expect(text).not.toMatch(/node_modules|\.js:\d|QueryFailedError|SELECT |INSERT /);
};
const unchangedBy = async (work: () => Promise<unknown>): Promise<void> => {
  await databases.drained();
  const before = [await databases.countRows(), await databases.logHeads()];
  await work();
  await databases.drained();
  expect([await databases.countRows(), await databases.logHeads()]).toEqual(before);
};

const imported = async (mission: string): Promise<Named> => {
  const trial = syntheticTrial({ mission, intervention: `of-${mission.toLowerCase()}`, perCluster: 3 });
  const { programme } = await readFolder(writeFiles(join(platform.folder, `folder-${mission}`), trial.files));
  const { refusals } = await importProgramme({ ...administrator.importing, quiet: true }, programme);
  expect(refusals).toEqual([]);
  const id = async (database: string, table: string): Promise<string> => (await databases.query<{ id: string }>(database, `SELECT id FROM ${table} WHERE mission = $1 ORDER BY id LIMIT 1`, [mission]))[0]?.id ?? '';
  const flag = await eventually(async () => {
    const found = await id('risk_monitoring', 'flag');
    expect(found).not.toBe('');
    return found;
  });
  return {
    mission,
    intervention: await id('registry', 'intervention'),
    participant: await id('registry', 'participant'),
    activity: await id('scheduling', 'activity'),
    instrument: await id('evaluation', 'instrument'),
    round: await id('evaluation', 'survey_round'),
    flag,
    subscription: randomUUID(),
  };
};

beforeAll(async () => {
  platform = await startEmbedded();
  databases = new EmbeddedDatabases(join(platform.folder, 'data'));
  administrator = await Person.signIn(platform, 'administrator');
  ours = await imported('PE');
  const theirSubscription = randomUUID();
  theirs = { ...(await imported('TR')), subscription: theirSubscription };
  expect((await command('mission-officer-tr', 'subscribeToAlerts', { commandId: randomUUID(), id: theirSubscription, channel: 'IN_APP' })).codes).toEqual([]);
});
afterAll(() => platform?.close());

describe('tokens', () => {
  const refused = async (token: string): Promise<void> => {
    const answer = await post(platform.graphqlUrl, JSON.stringify({ query: MISSIONS }), { authorization: `Bearer ${token}` });
    expect([answer.status, answer.codes.length, JSON.stringify(answer.data)]).toEqual([401, 1, '{}']);
  };

  it('that are no tokens are refused', async () => {
    await unchangedBy(() => fc.assert(fc.asyncProperty(fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.=~+/'), maxLength: 300 }), refused), { numRuns: RUNS }));
    expect((await post(platform.graphqlUrl, JSON.stringify({ query: MISSIONS }))).status).toBe(401);
    expect((await post(platform.graphqlUrl, JSON.stringify({ query: MISSIONS }), { authorization: `Bearer ${'a'.repeat(1_000_000)}` }).catch(() => ({ status: 431 }))).status).toBe(431);
  });

  it('that were tampered with, are over, or were meant for others are refused, though the provider’s own key signed them', async () => {
    const [key] = (JSON.parse(readFileSync(join(platform.place.dataFolder, 'identity/identity.json'), 'utf8')) as { jwks: { keys: JWK[] } }).jwks.keys;
    const own = await importJWK(key as JWK, 'RS256');
    const claims = { sub: 'administrator', roles: ['administrator'], missions: [], interventions: [] };
    const sign = (change: { issuer?: string; audience?: string; expires?: number; alg?: string; kid?: string; with?: Uint8Array } = {}): Promise<string> =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: change.alg ?? 'RS256', kid: change.kid ?? String(key?.kid), typ: 'at+jwt' })
        .setIssuer(change.issuer ?? platform.issuer)
        .setAudience(change.audience ?? 'common-ground')
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + (change.expires ?? 600))
        .sign(change.with ?? own);
    expect((await post(platform.graphqlUrl, JSON.stringify({ query: MISSIONS }), { authorization: `Bearer ${await sign()}` })).status).toBe(200);
    for (const change of [{ expires: -600 }, { issuer: 'http://127.0.0.1:1' }, { audience: 'another' }, { kid: 'unheard-of' }, { alg: 'HS256', with: Buffer.from(String(key?.n)) }]) await refused(await sign(change));
    const [header, body, signature] = (await sign()).split('.') as [string, string, string];
    const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    await refused(`${encoded({ alg: 'none' })}.${body}.`);
    await refused(`${header}.${encoded({ ...claims, sub: 'somebody', exp: 4_000_000_000, iss: platform.issuer, aud: 'common-ground' })}.${signature}`);
  });
});

describe('ids', () => {
  it('of another mission are refused to its neighbour’s officer, whatever the command', async () => {
    await unchangedBy(() =>
      Promise.all([...commandsNaming(theirs), ['subscribeToAlerts', { commandId: randomUUID(), id: randomUUID(), channel: 'IN_APP', missions: ['TR'] }] as const].map(async ([mutation, input]) => expectRefusal(await command('mission-officer-pe', mutation, input)))),
    );
  });

  it('of another mission do not come in beside one’s own', async () => {
    const activity = randomUUID();
    expect((await command('mission-officer-pe', 'planActivities', { commandId: randomUUID(), interventionId: ours.intervention, activities: [{ id: activity, code: 'mixed', title: 'X', startsAt: '2013-06-20T10:00:00Z', endsAt: '2013-06-20T11:00:00Z' }] })).codes).toEqual([]);
    await unchangedBy(async () => {
      const roster = [{ participantId: theirs.participant, status: 'PRESENT' }];
      expectRefusal(await command('mission-officer-pe', 'recordActivityHeld', { commandId: randomUUID(), record: { activityId: activity, roster } }));
      const round = { commandId: randomUUID(), id: randomUUID(), interventionId: ours.intervention, instrumentId: theirs.instrument, code: 'mixed', wave: 'post', level: 'individual', population: 'participants', opensOn: '2031-01-01', closesOn: '2031-02-01' };
      expectRefusal(await command('mission-officer-pe', 'openSurveyRound', round));
    });
  });

  it('of another mission show nothing to its neighbour’s officer', async () => {
    const query = `query($id: ID!, $ids: [ID!]!, $some: [String!], $flag: ID!, $activity: ID!, $mission: String!) {
      intervention(id: $id) { id } activity(id: $activity) { id } riskFlag(id: $flag) { id } mission(mission: $mission) { mission } estimates(interventions: $ids) { item }
      activities(filter: { interventions: $some }) { totalCount } surveyRounds(filter: { interventions: $some }) { totalCount } riskFlags(filter: { interventions: $some }) { totalCount }
      interventions(filter: { missions: [$mission] }) { totalCount } instruments(filter: { missions: [$mission] }) { totalCount } portfolio(filter: { missions: [$mission] }) { totalCount } }`;
    const variables = { id: theirs.intervention, ids: [theirs.intervention], some: [theirs.intervention], flag: theirs.flag, activity: theirs.activity, mission: 'TR' };
    const own = { id: ours.intervention, ids: [ours.intervention], some: [ours.intervention], flag: ours.flag, activity: ours.activity, mission: 'PE' };
    const seen = Object.values((await send('mission-officer-pe', query, own)).data);
    expect(seen.every((part) => part !== null && (part as { totalCount?: number }).totalCount !== 0)).toBe(true);
    const { data } = await send('mission-officer-pe', query, variables);
    for (const part of Object.values(data)) expect([null, [], { totalCount: 0 }]).toContainEqual(part);
  });

  it('of nothing are refused to everybody', async () => {
    const [id, code] = [randomUUID(), 'ZZ'];
    const nothing: Named = { mission: code, intervention: id, participant: id, activity: id, instrument: id, round: id, flag: id, subscription: id };
    await unchangedBy(() => Promise.all(commandsNaming(nothing).map(async ([mutation, input]) => expectRefusal(await command('administrator', mutation, input)))));
  });

  it('that are no ids are refused by name', async () => {
    const noId = fc.oneof(fc.string({ maxLength: 80 }), fc.constantFrom('', 'null', "' OR 1=1 --", '\u0000', `${randomUUID()} `, '..', '\ud800')).filter((id) => !/^[\da-f-]{36}$/i.test(id));
    await unchangedBy(() =>
      fc.assert(
        fc.asyncProperty(noId, fc.nat(), async (id, choice) => {
          const all = commandsNaming({ mission: 'PE', intervention: id, participant: id, activity: id, instrument: id, round: id, flag: id, subscription: id }).filter(([mutation]) => !['designIntervention', 'publishInstrument', 'configureRiskRule'].includes(mutation));
          const [mutation, input] = all[choice % all.length] as (typeof all)[number];
          expectRefusal(await command('administrator', mutation, input));
        }),
        { numRuns: RUNS },
      ),
    );
  });
});

describe('values', () => {
  const participants = (...rows: object[]): object => ({ commandId: randomUUID(), interventionId: ours.intervention, participants: rows.map((row) => ({ id: randomUUID(), code: 'V1', side: 'host', ...row })) });
  const design = (change: object): object => ({ commandId: randomUUID(), id: randomUUID(), mission: 'PE', code: 'v', title: 'V', kind: 'CAMPAIGN', modalities: ['ONLINE'], startsOn: '2031-01-01', endsOn: '2031-02-01', ...change });
  const plan = (change: object): object => ({ commandId: randomUUID(), interventionId: ours.intervention, activities: [{ id: randomUUID(), code: 'v-1', title: 'V', startsAt: '2013-06-20T10:00:00Z', endsAt: '2013-06-20T11:00:00Z', ...change }] });
  const answer = (item: string, value: unknown, respondent = 'S001'): object => ({ commandId: randomUUID(), roundId: ours.round, respondent, answers: [{ item, value }] });

  it.each<[string, string, () => object]>([
    ['an over-long title', 'designIntervention', () => design({ title: 'x'.repeat(201) })],
    ['an over-long aim', 'designIntervention', () => design({ aim: 'x'.repeat(4_001) })],
    ['an over-long code', 'designIntervention', () => design({ code: 'x'.repeat(65) })],
    ['control characters', 'designIntervention', () => design({ title: 'a\u0000b' })],
    ['an unknown kind', 'designIntervention', () => design({ kind: 'PARTY' })],
    ['no modality', 'designIntervention', () => design({ modalities: [] })],
    ['30 February', 'designIntervention', () => design({ endsOn: '2031-02-30' })],
    ['an end before the beginning', 'designIntervention', () => design({ endsOn: '2030-12-31' })],
    ['a year out of all reason', 'designIntervention', () => design({ startsOn: '0001-01-01' })],
    ['a code that is taken', 'designIntervention', () => design({ code: 'of-pe' })],
    ['an unknown side', 'enrolParticipants', () => participants({ side: 'martian' })],
    ['a code given twice in a batch', 'enrolParticipants', () => participants({ code: 'S001' }, { code: 'S001' })],
    ['a person’s name in place of a code', 'enrolParticipants', () => participants({ code: 'María\nGarcía' })],
    ['an unknown arm', 'enrolParticipants', () => participants({ arm: 'both' })],
    ['a moment that is none', 'planActivities', () => plan({ startsAt: '2013-06-20T25:00:00Z' })],
    ['a moment without its offset', 'planActivities', () => plan({ startsAt: '2013-06-20T10:00:00' })],
    ['an activity that ends before it begins', 'planActivities', () => plan({ endsAt: '2013-06-20T09:00:00Z' })],
    ['no activities at all', 'planActivities', () => ({ ...plan({}), activities: [] })],
    ['more than a thousand', 'planActivities', () => ({ ...plan({}), activities: Array.from({ length: 1_001 }, (_, index) => ({ id: randomUUID(), code: `v${index}`, title: 'V', startsAt: '2031-01-01T10:00:00Z', endsAt: '2031-01-01T11:00:00Z' })) })],
    ['an answer out of range', 'submitResponse', () => answer('fewer', 9)],
    ['an answer to no item', 'submitResponse', () => answer('unasked', 3)],
    ['an answer that is no number', 'submitResponse', () => answer('fewer', 'three')],
    ['an answer of nobody', 'submitResponse', () => answer('fewer', 3, 'NOBODY')],
    ['a mission twice', 'registerMission', () => ({ commandId: randomUUID(), mission: 'PE', name: 'Again', country: 'PE', timeZone: 'America/Lima', languages: ['es'] })],
    ['a time zone of no country', 'registerMission', () => ({ commandId: randomUUID(), mission: 'BR', name: 'B', country: 'BR', timeZone: 'Mars/Olympus', languages: ['pt'] })],
  ])('like %s are refused', async (_what, mutation, input) => {
    await unchangedBy(async () => expectRefusal(await command('administrator', mutation, input())));
  });

  it('like another answer to what was answered are refused', async () => {
    await command('administrator', 'submitResponse', answer('fewer', 3));
    await unchangedBy(async () => {
      const again = await Promise.all([1, 5].map((value) => command('administrator', 'submitResponse', answer('fewer', value))));
      expect(again.flatMap(({ codes }) => codes).length).toBeGreaterThan(0);
    });
  });

  it('of any kind in place of any command’s input are refused, and none is a fault of ours', async () => {
    const mutations = commandsNaming(ours).map(([mutation]) => mutation);
    const anything = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom('commandId', 'id', 'interventionId', 'activityId', 'participants', 'records', 'roundId', 'submissions', 'title'), fc.jsonValue()));
    await unchangedBy(() => fc.assert(fc.asyncProperty(fc.constantFrom(...mutations), anything, async (mutation, input) => expectRefusal(await command('administrator', mutation, input as object))), { numRuns: RUNS * 2 }));
  });
});

describe('requests', () => {
  it('of random bytes are refused', async () => {
    const types = fc.constantFrom('application/json', 'text/plain', 'application/octet-stream', 'multipart/form-data', 'application/x-www-form-urlencoded', 'application/graphql');
    await unchangedBy(() =>
      fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), types, async (bytes, type) => {
          const { status } = await post(platform.graphqlUrl, bytes, { ...(await as('administrator')), 'content-type': type });
          expect(status).toBeGreaterThanOrEqual(400);
          expect(status).toBeLessThan(500);
        }),
        { numRuns: RUNS },
      ),
    );
  });

  it('that ask too deep, too much or too often at once are refused', async () => {
    const deep = `{ interventions { edges { node { ${'activities { edges { node { intervention { '.repeat(6)} id ${'} } } }'.repeat(6)} } } } }`;
    const aliases = `{ ${Array.from({ length: 50 }, (_, index) => `a${index}: missions { totalCount }`).join(' ')} }`;
    const long = `{ missions { ${'totalCount '.repeat(3_000)} } }`;
    const costly = '{ interventions(first: 100) { edges { node { participants(first: 100) { edges { node { id } } } activities(first: 100) { edges { node { id } } } } } } }';
    const circle = '{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }';
    const nested = `{ missions${'{ edges'.repeat(20_000)}`;
    for (const query of [deep, aliases, long, costly, circle, nested]) expectRefusal(await send('administrator', query));
    const headers = await as('administrator');
    expect((await post(platform.graphqlUrl, JSON.stringify([{ query: MISSIONS }, { query: MISSIONS }]), headers)).status).toBe(400);
    expect((await post(platform.graphqlUrl, `{"query":${'['.repeat(100_000)}`, headers)).status).toBe(400);
  });

  it('that are huge are refused before they are read', async () => {
    const huge = JSON.stringify({ query: MISSIONS, variables: { input: 'x'.repeat(8 * 1024 * 1024) } });
    expect((await post(platform.graphqlUrl, huge, await as('administrator')).catch(() => ({ status: 413 }))).status).toBe(413);
  });
});

describe('what anybody may have written into the event log', () => {
  const write = (topic: string, { id = randomUUID(), key, headers, data }: { id?: string; key: string; headers: object; data: Uint8Array | null }): Promise<unknown> =>
    databases.query(
      'event_log',
      `WITH moved AS (UPDATE log_topic SET head = head + 1 WHERE topic = $1 RETURNING head)
       INSERT INTO log_fact (topic, position, fact_id, key, headers, data) SELECT $1, head, $2, $3, $4::jsonb, $5 FROM moved`,
      [topic, id, key, JSON.stringify(headers), data === null ? null : Buffer.from(data)],
    );
  const envelope = (type: string, key: string): Record<string, string> => headersOf({ id: randomUUID(), type, source: 'nobody', time: new Date(), key, subject: randomUUID(), sequence: 1, mission: 'PE', quiet: false, data: new Uint8Array() });
  const everyTopic = Object.values(TOPICS);
  const types = Object.values(Facts).map(({ type, topic }) => ({ type, topic }));

  it('is parked with a reason or passed over; nothing changes, nobody stops, and work goes on', async () => {
    await databases.drained();
    const before = await databases.countRows();
    const topics = fc.constantFrom(...everyTopic);
    const loose = fc.record({ key: fc.uuid(), headers: fc.dictionary(fc.constantFrom('ce_id', 'ce_type', 'ce_time', 'ce_source', 'sequence', 'other'), fc.string({ unit: 'grapheme-ascii', maxLength: 40 })), data: fc.option(fc.uint8Array({ maxLength: 400 })) });
    const enveloped = fc.record({ known: fc.constantFrom(...types), key: fc.uuid(), data: fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Uint8Array.from([0x0f, ...bytes])) });
    await fc.assert(fc.asyncProperty(topics, loose, async (topic, record) => void (await write(topic, record))), { numRuns: RUNS });
    await fc.assert(fc.asyncProperty(enveloped, async ({ known, key, data }) => void (await write(known.topic, { key, headers: envelope(known.type, key), data }))), { numRuns: RUNS });
    for (const topic of everyTopic) {
      await write(topic, { key: '', headers: {}, data: null });
      await write(topic, { key: randomUUID(), headers: envelope('commonground.nobody.v9.Unheard', 'x'), data: randomBytes(100) });
      await write(topic, { key: randomUUID(), headers: envelope(types[0]?.type ?? '', 'x'), data: Buffer.concat([Buffer.from([0x0f]), randomBytes(2 * 1024 * 1024)]) });
    }
    await databases.drained();
    expect(await databases.countRows()).toEqual(before);
    const parked = await Promise.all(['scheduling', 'evaluation', 'risk_monitoring', 'gateway'].map((name) => databases.query<{ reason: string }>(name, 'SELECT reason FROM parked_fact')));
    for (const rows of parked) expect(rows.length).toBeGreaterThan(0);
    expect(parked.flat().every(({ reason }) => reason.length > 5)).toBe(true);
  });

  it('does not keep sound work from flowing through every service', async () => {
    const pid = platform.child().pid;
    const after = await imported('DO');
    await eventually(async () => {
      const { data } = await send('hq-analyst', '{ portfolio(filter: { missions: ["DO"] }) { edges { node { interventionId activities { held } openFlags { total } estimates { item } } } } }');
      expect(data).toEqual({ portfolio: { edges: [{ node: { interventionId: after.intervention, activities: { held: 48 }, openFlags: { total: 2 }, estimates: [{ item: 'fewer' }, { item: 'language' }, { item: 'warmth' }] } }] } });
    });
    expect(platform.child().pid).toBe(pid);
    expect((await fetch(platform.graphqlUrl.replace('/graphql', '/health/ready'))).status).toBe(200);
  });
});
