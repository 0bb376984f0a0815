import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError } from '@common-ground/kernel';
import { type GatewayAtWork, gatewayAtWork } from './gateway.fixture.js';

const PE = { mission: 'PE', name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es'], registeredAt: new Date('2026-01-01T00:00:00Z') };
const intervention = (id: string, mission = 'PE') => ({
  id,
  mission,
  code: id,
  title: 'Football',
  kind: 'celebrate-and-play',
  modalities: ['in-person'],
  startsOn: '2026-01-01',
  endsOn: '2026-12-31',
  aim: '',
  design: 'none',
  assignmentUnit: '',
  sides: ['migrant', 'host'],
  designedAt: new Date(),
  version: 1,
});

describe('the gateway', () => {
  let at: GatewayAtWork;
  beforeAll(async () => {
    at = await gatewayAtWork();
  });
  afterAll(() => at.stop());
  beforeEach(() => {
    for (const fake of [at.registry, at.scheduling, at.evaluation, at.risk]) fake.forget();
  });

  it('passes a command on with the caller’s token and answers with what was made', async () => {
    at.registry.when('registerMission', () => ({ mission: PE }));
    const answer = await at.ask('mutation($input: RegisterMissionInput!) { registerMission(input: $input) { mission { mission name } errors { code } } }', {
      variables: { input: { commandId: 'c-1', mission: 'PE', name: 'Peru', country: 'PE', timeZone: 'America/Lima', languages: ['es'] } },
      headers: { 'common-ground-quiet': 'true' },
    });
    expect(answer).toEqual({ data: { registerMission: { mission: { mission: 'PE', name: 'Peru' }, errors: [] } } });
    expect(at.registry.calls[0]).toMatchObject({ quiet: 'true', authorization: expect.stringMatching(/^Bearer /), request: { commandId: 'c-1', languages: ['es'] } });
  });

  it('answers expected failures of a command as data, every one of them', async () => {
    at.registry.when('registerMission', () => {
      throw new DomainError('invalid', 'COUNTRY_UNKNOWN', 'XX is no country.', { path: ['country'] }, [
        { code: 'COUNTRY_UNKNOWN', message: 'XX is no country.', path: ['country'] },
        { code: 'NAME_MISSING', message: 'Say its name.', path: ['name'] },
      ]);
    });
    const answer = await at.ask('mutation { registerMission(input: { commandId: "c", mission: "XX", name: "", country: "XX", timeZone: "UTC", languages: [] }) { mission { name } errors { code message path } } }');
    expect(answer).toEqual({
      data: {
        registerMission: {
          mission: null,
          errors: [
            { code: 'COUNTRY_UNKNOWN', message: 'XX is no country.', path: ['country'] },
            { code: 'NAME_MISSING', message: 'Say its name.', path: ['name'] },
          ],
        },
      },
    });
  });

  it('answers expected failures of a query as errors with a code and without a stack', async () => {
    at.registry.when('listMissions', () => {
      throw new DomainError('forbidden', 'ROLE_MISSING', 'Not for you.');
    });
    const answer = await at.ask('{ missions { totalCount } }');
    expect(answer.errors?.[0]).toMatchObject({ message: 'Not for you.', extensions: { code: 'FORBIDDEN', reason: 'ROLE_MISSING' } });
    expect(JSON.stringify(answer)).not.toMatch(/stack|\.ts:|\.js:/);
  });

  it('answers a bug with an id to look for and nothing else', async () => {
    at.registry.when('listMissions', () => {
      throw new TypeError('secret detail');
    });
    const answer = await at.ask('{ missions { totalCount } }');
    expect(answer.errors?.[0]?.extensions).toEqual({ code: 'INTERNAL', correlationId: expect.stringMatching(/^[\da-f-]{36}$/) });
    expect(JSON.stringify(answer)).not.toContain('secret detail');
  });

  it('pages with cursors and asks other services once per page, not once per row', async () => {
    const ids = Array.from({ length: 30 }, (_, index) => `i-${index}`);
    at.registry.when('listInterventions', () => ({ interventions: ids.map((id) => intervention(id, Number(id.slice(2)) % 2 ? 'PE' : 'TR')), pageInfo: { hasNextPage: true, endCursor: 'next', totalCount: 42 } }));
    at.registry.when('batchGetMissions', ({ missions }: { missions: string[] }) => ({ missions: missions.map((mission) => ({ ...PE, mission })) }));
    at.evaluation.when('listEstimates', () => ({ estimates: [] }));
    const answer = await at.ask('{ interventions(first: 30) { totalCount pageInfo { hasNextPage endCursor } edges { node { code kind modalities aim mission { mission } estimates { item } } } } }');
    expect(answer.errors).toBeUndefined();
    expect(answer.data?.['interventions']).toMatchObject({ totalCount: 42, pageInfo: { hasNextPage: true, endCursor: 'next' } });
    expect(answer.data).toMatchObject({ interventions: { edges: expect.arrayContaining([{ node: { code: 'i-1', kind: 'CELEBRATE_AND_PLAY', modalities: ['IN_PERSON'], aim: null, mission: { mission: 'PE' }, estimates: [] } }]) } });
    expect(at.registry.calls.map(({ method }) => method)).toEqual(['listInterventions', 'batchGetMissions']);
    expect(at.evaluation.calls).toHaveLength(1);
  });

  it('refuses pages of more than 100', async () => {
    const answer = await at.ask('{ missions(first: 101) { totalCount } }');
    expect(answer.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'PAGE_SIZE_INVALID' });
    expect(at.registry.calls).toEqual([]);
  });

  it('tells batches row by row', async () => {
    at.registry.when('enrolParticipants', () => ({
      outcomes: [
        { row: 0, outcome: 'accepted', code: '', message: '', path: [] },
        { row: 1, outcome: 'refused', code: 'SIDE_UNKNOWN', message: 'No such side.', path: ['side'] },
      ],
    }));
    const participants = Array.from({ length: 1_000 }, (_, index) => ({ id: `p-${index}`, code: `P${index}`, side: 'host', languages: ['es', 'en'], arm: 'treatment', cluster: `cluster number ${index}` }));
    const answer = await at.ask('mutation($input: EnrolParticipantsInput!) { enrolParticipants(input: $input) { outcomes { row outcome error { code path } } errors { code } } }', { variables: { input: { commandId: 'c', interventionId: 'i', participants } } });
    expect(answer).toEqual({
      data: { enrolParticipants: { outcomes: [{ row: 0, outcome: 'ACCEPTED', error: null }, { row: 1, outcome: 'REFUSED', error: { code: 'SIDE_UNKNOWN', path: ['side'] } }], errors: [] } },
    });
    expect((at.registry.calls[0]?.request['participants'] as unknown[]).length).toBe(1_000);
  });

  it('lets nobody in without a good token', async () => {
    const ask = async (authorization?: string) => {
      const response = await fetch(`${at.gateway.httpAddress}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) }, body: '{"query":"{ missions { totalCount } }"}' });
      return { status: response.status, code: ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]?.extensions.code };
    };
    const refused = { status: 401, code: 'UNAUTHENTICATED' };
    expect(await ask()).toEqual(refused);
    expect(await ask('Bearer nonsense')).toEqual(refused);
    expect(await ask('Basic abc')).toEqual(refused);
    expect(await ask(`Bearer ${await at.issuer.token({ expiresIn: -600 })}`)).toEqual(refused);
    expect(await ask(`Bearer ${await at.issuer.token({ audience: 'another' })}`)).toEqual(refused);
    expect(at.registry.calls).toEqual([]);
  });
});
