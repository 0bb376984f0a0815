import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NOTHING } from '@common-ground/kernel';
import { aCorrection, aHeld, analyst, anEstimate, aPlace, facilitator, monitor, officerOf, ONLY_HOSTS, type RiskMonitoringAtWork, riskMonitoringAtWork } from '../risk-monitoring.fixture.js';

let risk: RiskMonitoringAtWork;
beforeAll(async () => {
  risk = await riskMonitoringAtWork();
});
afterAll(() => risk.stop());

const anyFilter = { missions: [], interventionIds: [], statuses: [], rules: [] };
const flagsOf = async ({ interventionId }: { interventionId: string }, rules: string[] = []) => (await risk.flags.list(undefined, { ...anyFilter, interventionIds: [interventionId], rules }, monitor)).flags;
const designed = (place: ReturnType<typeof aPlace>, code: string) => ({
  name: 'InterventionDesigned' as const,
  data: { ...place, code, title: 'Football', kind: 'celebrate-and-play', modalities: [], startsOn: '2026-01-01', endsOn: '2026-12-31', aim: '', design: 'none', assignmentUnit: '', sides: ['migrant', 'host'] },
});
const command = (flagId: string, reason = '') => ({ commandId: randomUUID(), flagId, reason });

describe('flags from facts', () => {
  it('makes one flag of ninety one-sided activities, told in a few facts', async () => {
    const place = aPlace();
    await risk.hear([designed(place, 'FOOTBALL-1')]);
    await risk.hear(Array.from({ length: 90 }, () => ({ name: 'ActivityHeld' as const, data: aHeld(place, ONLY_HOSTS) })));
    const flags = await flagsOf(place);
    expect(flags).toMatchObject([{ rule: 'one-side-missing', subject: 'FOOTBALL-1', status: 'open', evidenceCount: 90, likelihood: 5, impact: 4 }]);
    expect(flags[0]!.evidence).toHaveLength(20);
    expect(flags[0]!.evidence[0]).toMatchObject({ kind: 'activity', figures: { migrant: 0, host: 12 }, terms: { missingSide: 'migrant' } });
    await risk.teller.tell();
    await risk.teller.tell();
    const told = await risk.told(flags[0]!.id);
    expect(told.map(({ type, sequence, data }) => [type, sequence, data['evidenceCount'], data['opened'], data['revision'], data['severity']])).toEqual([
      ['RiskFlagged', 1, 1, true, 1, 12],
      ['RiskFlagged', 2, 90, false, 2, 20],
    ]);
  });

  it('takes every fact once, however often it comes', async () => {
    const place = aPlace();
    const facts = [
      { name: 'ActivityHeld' as const, data: aHeld(place, { ...ONLY_HOSTS, conditions: { equalStatus: 1, commonGoal: 3, cooperation: 0, supportOfAuthorities: 2 } }), id: randomUUID() },
      { name: 'ActivityUnrecorded' as const, data: { ...place, activityId: randomUUID(), code: 'A-2', endedAt: new Date('2026-03-02T10:00:00Z'), month: '2026-03' }, id: randomUUID() },
      { name: 'OutcomeEstimated' as const, data: anEstimate(place), id: randomUUID() },
    ];
    await risk.hear(facts);
    await risk.teller.tell();
    const [before, told] = [await flagsOf(place), (await risk.told()).length];
    expect(before.map(({ rule, evidenceCount }) => [rule, evidenceCount]).sort()).toEqual([['one-side-missing', 1], ['outcome-worsened', 1], ['poor-contact', 1], ['unrecorded-activity', 1]]);
    await risk.hear(facts);
    // The same word under another fact id changes nothing either: evidence is one per activity or estimate.
    await risk.hear(facts.map((fact) => ({ ...fact, id: randomUUID() })));
    await risk.teller.tell();
    expect(await flagsOf(place)).toEqual(before);
    expect(await risk.told()).toHaveLength(told);
  });

  it('warns of sides that are to be apart in groups as planned, and of those that were, each once', async () => {
    const place = aPlace();
    const people = { hosts: [randomUUID(), randomUUID()], migrants: [randomUUID(), randomUUID()] };
    const held = aHeld(place, {
      roster: [...people.hosts.map((participantId) => ({ participantId, side: 'host', status: 'present' })), ...people.migrants.map((participantId) => ({ participantId, side: 'migrant', status: 'present' }))],
      groups: [{ name: '1', participantIds: people.hosts }, { name: '2', participantIds: people.migrants }],
    });
    const group = (host: number, migrant: number) => ({ name: 'x', participantIds: [], bySide: [{ side: 'host', count: host }, { side: 'migrant', count: migrant }], roles: [], facilitator: '' });
    const formed = (sequence: number, ...groups: ReturnType<typeof group>[]) => ({
      name: 'GroupsFormed' as const, sequence, id: randomUUID(),
      data: { ...place, activityId: held.activityId, code: held.code, month: '2026-03', groups, seed: 1, by: 'formed', oneSidedGroups: 0, loneMemberGroups: 0, rulesBent: [] },
    });
    const [apart, mixed] = [formed(1, group(2, 0), group(0, 2)), formed(2, group(1, 1), group(1, 1))];
    for (const facts of [[apart], [apart], [mixed], [mixed]]) await risk.hear(facts);
    const planned = await flagsOf(place);
    expect(planned).toMatchObject([{ rule: 'sides-apart', evidenceCount: 1 }]);
    expect(planned[0]!.evidence).toMatchObject([{ figures: { groups: 2, oneSidedGroups: 2, loneMemberGroups: 0 }, terms: { planned: 'yes', answered: 'regrouped' } }]);
    const record = { name: 'ActivityHeld' as const, data: held, id: randomUUID() };
    for (const facts of [[record], [record]]) await risk.hear(facts);
    expect(await flagsOf(place)).toMatchObject([{ rule: 'sides-apart', evidenceCount: 2 }]);
    await risk.hear([{ name: 'ActivityCorrected', data: aCorrection(held, { groups: [] }) }]);
    expect((await flagsOf(place))[0]!.evidence.map(({ terms }) => terms['answered']).sort()).toEqual(['corrected', 'corrected']);
  });

  it('makes one flag when several consumers find the same thing at once', async () => {
    const place = aPlace();
    await Promise.all(Array.from({ length: 6 }, () => risk.hear([{ name: 'ActivityHeld', data: aHeld(place, ONLY_HOSTS) }])));
    const flags = await flagsOf(place);
    expect(flags).toMatchObject([{ evidenceCount: 6 }]);
    expect((await risk.told(flags[0]!.id)).filter(({ data }) => data['opened'])).toHaveLength(1);
  });

  it('says nothing of a good activity, nor where the rule is switched off', async () => {
    const [good, off] = [aPlace('PE'), aPlace('CL')];
    await risk.hear([{ name: 'MissionRegistered', data: { mission: 'CL', name: 'Chile', country: 'CL', timeZone: 'America/Santiago', languages: ['es'] } }]);
    await risk.rules.configure({ commandId: randomUUID(), mission: 'CL', code: 'one-side-missing', enabled: false, thresholds: {} }, monitor);
    await risk.hear([{ name: 'ActivityHeld', data: aHeld(good) }, { name: 'ActivityHeld', data: aHeld(off, ONLY_HOSTS) }]);
    expect([...(await flagsOf(good)), ...(await flagsOf(off))]).toEqual([]);
  });

  it('names a subject whose intervention is heard of later', async () => {
    const place = aPlace();
    await risk.hear([{ name: 'ActivityHeld', data: aHeld(place, ONLY_HOSTS) }]);
    expect(await flagsOf(place)).toMatchObject([{ subject: place.interventionId }]);
    await risk.hear([designed(place, 'LATE-1')]);
    await risk.hear([{ name: 'ActivityHeld', data: aHeld(place, ONLY_HOSTS) }]);
    expect(await flagsOf(place)).toMatchObject([{ subject: 'LATE-1', evidenceCount: 2 }]);
    await risk.teller.tell();
    expect((await risk.told((await flagsOf(place))[0]!.id)).at(-1)?.data).toMatchObject({ subject: 'LATE-1', evidenceCount: 2 });
  });

  it('lets a correction take the place of what was said of its activity', async () => {
    const place = aPlace();
    const held = aHeld(place, ONLY_HOSTS);
    await risk.hear([{ name: 'ActivityHeld', data: held }]);
    await risk.hear([{ name: 'ActivityCorrected', data: aCorrection(held, { presentBySide: [{ side: 'host', count: 9 }] }), sequence: 2 }]);
    expect(await flagsOf(place)).toMatchObject([{ evidenceCount: 1, evidence: [{ figures: { host: 9, migrant: 0 } }] }]);
    await risk.hear([{ name: 'ActivityCorrected', data: aCorrection(held, { presentBySide: [{ side: 'host', count: 9 }, { side: 'migrant', count: 3 }] }), sequence: 3 }]);
    expect(await flagsOf(place)).toMatchObject([{ status: 'open', evidenceCount: 1, evidence: [{ terms: { answered: 'corrected' } }] }]);
  });

  it('marks the evidence of an unrecorded activity as answered when the record comes late', async () => {
    const place = aPlace();
    const held = aHeld(place);
    await risk.hear([{ name: 'ActivityUnrecorded', data: { ...place, activityId: held.activityId, code: held.code, endedAt: held.endsAt, month: held.month }, sequence: 2 }]);
    await risk.hear([{ name: 'ActivityHeld', data: held, sequence: 3 }]);
    expect(await flagsOf(place)).toMatchObject([{ rule: 'unrecorded-activity', status: 'open', evidence: [{ terms: { answered: 'held' } }] }]);
  });

  it('keeps a flag open, with a word added, when an estimate is no longer harmful', async () => {
    const place = aPlace();
    await risk.hear([{ name: 'OutcomeEstimated', data: anEstimate(place, { harmful: false }) }]);
    expect(await flagsOf(place)).toEqual([]);
    await risk.hear([{ name: 'OutcomeEstimated', data: anEstimate(place, { revision: 2 }) }, { name: 'OutcomeEstimated', data: anEstimate(place, { revision: 3, difference: 0.1 }) }]);
    expect(await flagsOf(place)).toMatchObject([{ subject: 'numberim', evidenceCount: 1, evidence: [{ subject: 'numberim', figures: { difference: 0.1, intervalLow: 0.0008, intervalHigh: 0.18, n: 97 } }] }]);
    await risk.hear([{ name: 'OutcomeEstimated', data: anEstimate(place, { revision: 4, harmful: false, intervalLow: -0.01, estimatedAt: new Date('2026-06-02T10:00:00Z') }) }]);
    expect(await flagsOf(place)).toMatchObject([{ status: 'open', evidenceCount: 2, evidence: [{ terms: { verdict: 'no-longer-harmful' } }, { terms: { verdict: 'harmful' } }] }]);
    await risk.hear([{ name: 'OutcomeEstimated', data: anEstimate(place, { wave: '6-months' }) }]);
    expect((await flagsOf(place)).map(({ subject }) => subject).sort()).toEqual(['numberim', 'numberim (6-months)']);
  });
});

describe('handling flags', () => {
  const opened = async (mission = 'PE') => {
    const place = aPlace(mission);
    await risk.hear([{ name: 'OutcomeEstimated', data: anEstimate(place) }]);
    const [flag] = await flagsOf(place);
    return { place, flag: flag! };
  };

  it.each(['acknowledge', 'resolve', 'dismiss'] as const)('answers the same %s again with the same, and tells it once', async (name) => {
    const { flag } = await opened();
    const wanted = command(flag.id, name === 'acknowledge' ? '' : 'Talked with the facilitator.');
    const first = await risk.flags[name](wanted, officerOf('PE'));
    expect(first).toMatchObject({ id: flag.id, status: { acknowledge: 'acknowledged', resolve: 'resolved', dismiss: 'dismissed' }[name], reason: wanted.reason });
    expect(await risk.flags[name](wanted, officerOf('PE'))).toEqual(first);
    expect((await risk.told(flag.id)).map(({ type, sequence }) => [type, sequence])).toEqual([['RiskFlagged', 1], [{ acknowledge: 'RiskAcknowledged', resolve: 'RiskResolved', dismiss: 'RiskDismissed' }[name], 2]]);
    await expect(risk.flags[name]({ ...wanted, reason: 'Another reason.', flagId: (await opened()).flag.id }, monitor)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('refuses what the status does not allow, and closing without a reason', async () => {
    const { flag } = await opened();
    await expect(risk.flags.resolve(command(flag.id, '  '), monitor)).rejects.toMatchObject({ code: 'REASON_MISSING', details: { path: ['reason'] } });
    await risk.flags.dismiss(command(flag.id, 'A known artefact.'), monitor);
    await expect(risk.flags.acknowledge(command(flag.id), monitor)).rejects.toMatchObject({ kind: 'conflict', code: 'FLAG_STATUS_REFUSED' });
    await expect(risk.flags.dismiss(command(flag.id, 'x'.repeat(4_001)), monitor)).rejects.toMatchObject({ code: 'TEXT_TOO_LONG' });
  });

  it('tells what grew before it tells the end', async () => {
    const place = aPlace();
    await risk.hear([{ name: 'ActivityHeld', data: aHeld(place, ONLY_HOSTS) }, { name: 'ActivityHeld', data: aHeld(place, ONLY_HOSTS) }]);
    const [flag] = await flagsOf(place);
    await risk.flags.resolve(command(flag!.id, 'Both sides are invited now.'), monitor);
    expect((await risk.told(flag!.id)).map(({ type, sequence }) => [type, sequence])).toEqual([['RiskFlagged', 1], ['RiskFlagged', 2], ['RiskResolved', 3]]);
    await risk.teller.tell();
    expect(await risk.told(flag!.id)).toHaveLength(3);
  });

  it('opens a new episode for new evidence, not for what a closed flag has answered', async () => {
    const place = aPlace();
    const held = aHeld(place, ONLY_HOSTS);
    await risk.hear([{ name: 'ActivityHeld', data: held }, { name: 'OutcomeEstimated', data: anEstimate(place) }]);
    for (const { id } of await flagsOf(place)) await risk.flags.dismiss(command(id, 'Looked at it.'), monitor);
    await risk.hear([{ name: 'ActivityCorrected', data: aCorrection(held), sequence: 2 }, { name: 'OutcomeEstimated', data: anEstimate(place) }]);
    expect((await flagsOf(place)).map(({ status }) => status)).toEqual(['dismissed', 'dismissed']);
    await risk.hear([{ name: 'ActivityHeld', data: aHeld(place, ONLY_HOSTS) }, { name: 'OutcomeEstimated', data: anEstimate(place, { revision: 2 }) }]);
    expect((await flagsOf(place)).map(({ status, evidenceCount }) => `${status} ${evidenceCount}`).sort()).toEqual(['dismissed 1', 'dismissed 1', 'open 1', 'open 1']);
  });

  it('shows and lets handle flags of own missions only', async () => {
    const { flag, place } = await opened('TR');
    const foreign = officerOf('PE');
    expect((await risk.flags.list(undefined, { ...anyFilter, interventionIds: [place.interventionId] }, foreign)).flags).toEqual([]);
    expect(await risk.flags.getAmong([flag.id], foreign)).toEqual([]);
    for (const name of ['acknowledge', 'resolve', 'dismiss'] as const) await expect(risk.flags[name](command(flag.id, 'why'), foreign)).rejects.toMatchObject({ kind: 'not-found', code: 'FLAG_UNKNOWN' });
    await expect(risk.flags.resolve(command(randomUUID(), 'why'), monitor)).rejects.toMatchObject({ code: 'FLAG_UNKNOWN' });
    await expect(risk.flags.resolve(command('no id', 'why'), monitor)).rejects.toMatchObject({ code: 'ID_INVALID' });
    expect(await risk.flags.getAmong([flag.id], officerOf('TR'))).toHaveLength(1);
    expect(await risk.database.read(NOTHING, (tx) => tx.query('SELECT id FROM flag UNION ALL SELECT flag_id FROM evidence UNION ALL SELECT flag_id FROM flag_change'))).toEqual([]);
  });

  it('lets analysts read and handle nothing, and facilitators neither', async () => {
    const { flag } = await opened();
    expect(await risk.flags.getAmong([flag.id], analyst)).toHaveLength(1);
    await expect(risk.flags.acknowledge(command(flag.id), analyst)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(risk.flags.getAmong([flag.id], facilitator)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(risk.flags.list(undefined, anyFilter, facilitator)).rejects.toMatchObject({ kind: 'forbidden' });
  });

  it('walks through all flags page by page, newest first, each once', async () => {
    const seen: string[] = [];
    let total: number;
    for (let after = ''; ; ) {
      const { flags, pageInfo } = await risk.flags.list({ first: 3, after }, anyFilter, monitor);
      seen.push(...flags.map(({ id }) => id));
      total = pageInfo.totalCount;
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
    }
    expect(seen).toHaveLength(total);
    expect(new Set(seen).size).toBe(total);
    await expect(risk.flags.list({ first: 3, after: 'bm8' }, anyFilter, monitor)).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    await expect(risk.flags.list(undefined, { ...anyFilter, statuses: ['shut'] }, monitor)).rejects.toMatchObject({ code: 'VALUE_UNKNOWN', details: { path: ['statuses', '0'] } });
  });
});
