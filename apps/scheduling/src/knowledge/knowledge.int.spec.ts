import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import type { EncodedFact } from '@common-ground/messaging';
import { aProgramme, hoursFromNow, type Programme, registryFact, schedulingAtWork, type SchedulingAtWork } from '../scheduling.fixture.js';
import { findParticipants, findSettings } from './knowledge.repository.js';

let work: SchedulingAtWork;
let peru: Programme;
beforeAll(async () => {
  work = await schedulingAtWork();
});
afterAll(() => work?.stop());

const known = () =>
  work.database.read(EVERYTHING, async (tx) => ({
    setting: (await findSettings(tx, [peru.interventionId])).get(peru.interventionId),
    people: [...(await findParticipants(tx, [...peru.migrants, ...peru.hosts])).values()].sort((left, right) => (left.id < right.id ? -1 : 1)),
  }));
const twice = async (...facts: EncodedFact[]) => {
  await work.consume(...facts);
  const once = await known();
  await work.consume(...facts);
  // The log read again from its start by a group that forgot it.
  await work.database.run(EVERYTHING, (tx) => tx.query('DELETE FROM inbox'));
  await work.consume(...facts);
  expect(await known()).toEqual(once);
  return once;
};
const revised = (sequence: number, endsOn: string) =>
  registryFact(
    'InterventionRevised',
    { mission: 'PE', interventionId: peru.interventionId, code: 'football', title: 'Football', kind: 'celebrate-and-play', modalities: [], startsOn: '2026-01-01', endsOn, aim: '', design: 'none', assignmentUnit: '', sides: ['migrant', 'host', 'returnee'] },
    { key: peru.interventionId, subject: peru.interventionId, sequence, mission: 'PE' },
  );
const left = (time: Date) =>
  registryFact(
    'ParticipantWithdrawn',
    { mission: 'PE', interventionId: peru.interventionId, participantId: peru.hosts[0]!, code: 'x', side: 'host', reason: 'other' },
    { key: peru.interventionId, subject: peru.hosts[0]!, sequence: 2, mission: 'PE', time },
  );

describe('what the registry tells', () => {
  it.each<[string, () => EncodedFact[], object]>([
    ['a mission, its intervention and its people', () => [...(peru = aProgramme('PE')).facts], { setting: { timeZone: 'America/Lima', sides: ['migrant', 'host'], startsOn: '2026-01-01', endsOn: '2026-12-31' } }],
    ['a revised intervention', () => [revised(2, '2027-01-31')], { setting: { endsOn: '2027-01-31', sides: ['migrant', 'host', 'returnee'] } }],
    ['a revision that comes late', () => [revised(4, '2027-03-31'), revised(3, '2027-02-28')], { setting: { endsOn: '2027-03-31' } }],
    ['a person who left', () => [left(hoursFromNow(-5))], {}],
  ])('of %s has its effect once when it comes twice', async (_, facts, expected) => {
    const state = await twice(...facts());
    expect(state).toMatchObject(expected);
    expect(state.people).toHaveLength(6);
  });

  it('of a person who left says when', async () => {
    expect((await known()).people.filter(({ withdrawnAt }) => withdrawnAt !== null)).toEqual([expect.objectContaining({ id: peru.hosts[0], side: 'host', withdrawnAt: hoursFromNow(-5) })]);
  });

  it('is parked when it cannot be read, and the rest goes on', async () => {
    const broken = { ...revised(9, '2027-12-31'), data: new Uint8Array([255, 255, 255]) };
    const other = aProgramme('TR');
    await work.consume(broken, ...other.facts);
    expect(await work.database.read(EVERYTHING, (tx) => tx.query('SELECT verdict, key FROM parked_fact'))).toEqual([{ verdict: 'poison', key: peru.interventionId }]);
    expect(await work.database.read(EVERYTHING, (tx) => findSettings(tx, [other.interventionId]))).toHaveProperty('size', 1);
  });
});
