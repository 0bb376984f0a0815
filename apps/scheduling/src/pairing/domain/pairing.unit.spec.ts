import { describe, expect, it } from '@jest/globals';
import { checkIn, endPairing, isRefused, type KnownPerson, type Pairing, startAgain, startPairing } from './pairing.js';
import { type Candidate, type KnownProfile, proposePairings } from './proposing.js';

const said = { pairingId: 'pairing', interventionId: 'football', supporterId: 'ana', supportedId: 'bo', startsOn: '2026-03-31', endsOn: '2027-03-31' };
const person = (id: string, side: string, more: Partial<KnownPerson> = {}): KnownPerson => ({ id, interventionId: 'football', side, withdrawnAt: null, ...more });
const around = { mission: 'PE', startsOn: '2026-01-01', supporter: person('ana', 'host'), supported: person('bo', 'migrant'), standing: [] };
const started = (): Pairing => stateOf(startPairing(said, around));
const stateOf = (decision: ReturnType<typeof startPairing>): Pairing => {
  if (isRefused(decision)) throw new Error(decision.refusals[0].code);
  return decision.state;
};
const codes = (decision: ReturnType<typeof startPairing>) => (isRefused(decision) ? decision.refusals.map(({ code, path }) => [code, path.join('.')]) : []);
const today = '2026-06-15';

describe('a pairing', () => {
  it('starts once, with the sides of both', () => {
    const decision = startPairing(said, around);
    expect(decision).toMatchObject({ state: { status: 'active', version: 1, checkIns: [] }, facts: [{ type: 'PairingStarted', supporterSide: 'host', supportedSide: 'migrant' }] });
    expect(startAgain(started(), said)).toEqual({ state: started(), facts: [] });
    expect(codes(startAgain(started(), { ...said, endsOn: '2026-12-31' }))).toEqual([['ID_TAKEN', 'pairingId']]);
  });

  it.each<[string, object, object, (readonly string[])[]]>([
    ['longer than a year', { endsOn: '2027-04-01' }, {}, [['PAIRING_TOO_LONG', 'endsOn']]],
    ['ending before it starts', { endsOn: '2026-03-30' }, {}, [['DATES_OUT_OF_ORDER', 'endsOn']]],
    ['before the intervention', { startsOn: '2025-12-31', endsOn: '2026-01-31' }, {}, [['OUTSIDE_INTERVENTION', 'startsOn']]],
    ['of one person', { supporterId: 'bo' }, { supporter: person('bo', 'migrant') }, [['PAIRED_WITH_ONESELF', 'supporterId']]],
    ['with somebody of another intervention', {}, { supporter: person('ana', 'host', { interventionId: 'other' }) }, [['PARTICIPANT_UNKNOWN', 'supporterId']]],
    ['with somebody who left', {}, { supported: person('bo', 'migrant', { withdrawnAt: new Date(0) }) }, [['PARTICIPANT_WITHDRAWN', 'supportedId']]],
    ['for somebody who is supported already', {}, { standing: [{} as Pairing] }, [['PAIRED_ALREADY', 'supportedId']]],
    ['on days that are none', { startsOn: '2026-02-30', endsOn: 'soon' }, {}, [['DATE_INVALID', 'startsOn'], ['DATE_INVALID', 'endsOn']]],
  ])('is refused %s', (_, change, surroundings, expected) => {
    expect(codes(startPairing({ ...said, ...change }, { ...around, ...surroundings }))).toEqual(expected);
  });

  it('keeps the last day of a short month as the latest end', () => {
    expect(codes(startPairing({ ...said, startsOn: '2028-02-29', endsOn: '2029-03-01' }, around))).toEqual([['PAIRING_TOO_LONG', 'endsOn']]);
    expect(codes(startPairing({ ...said, startsOn: '2028-02-29', endsOn: '2029-02-28' }, around))).toEqual([]);
  });

  it('takes one check-in a day, in order of day, and the same again changes nothing', () => {
    const first = stateOf(checkIn(started(), { checkedInOn: '2026-05-02', course: 'mixed' }, today));
    const second = checkIn(first, { checkedInOn: '2026-04-02', course: 'well' }, today);
    expect(second).toMatchObject({ state: { version: 3, checkIns: [{ checkedInOn: '2026-04-02' }, { checkedInOn: '2026-05-02' }] }, facts: [{ type: 'PairingCheckedIn', checkIn: { course: 'well' } }] });
    expect(checkIn(first, { checkedInOn: '2026-05-02', course: 'mixed' }, today)).toEqual({ state: first, facts: [] });
    expect(codes(checkIn(first, { checkedInOn: '2026-05-02', course: 'well' }, today))).toEqual([['CHECKED_IN_ALREADY', 'checkedInOn']]);
    expect(codes(checkIn(first, { checkedInOn: '2026-06-16', course: 'fine' }, today))).toEqual([['VALUE_UNKNOWN', 'course']]);
    expect(codes(checkIn(first, { checkedInOn: '2026-06-16', course: 'well' }, today))).toEqual([['DAY_TO_COME', 'checkedInOn']]);
    expect(codes(checkIn(first, { checkedInOn: '2026-03-30', course: 'well' }, today))).toEqual([['BEFORE_START', 'checkedInOn']]);
  });

  it('ends once, and takes no check-in afterwards', () => {
    const ended = stateOf(endPairing(started(), { endedOn: '2026-06-01', reason: 'moved-away' }, today));
    expect(ended).toMatchObject({ status: 'ended', endedOn: '2026-06-01', version: 2 });
    expect(endPairing(ended, { endedOn: '2026-06-01', reason: 'moved-away' }, today)).toEqual({ state: ended, facts: [] });
    expect(codes(endPairing(ended, { endedOn: '2026-06-02', reason: 'other' }, today))).toEqual([['PAIRING_ENDED', 'pairingId']]);
    expect(codes(checkIn(ended, { checkedInOn: '2026-06-10', course: 'well' }, today))).toEqual([['PAIRING_ENDED', 'pairingId']]);
    expect(codes(endPairing(started(), { endedOn: '2026-06-16', reason: 'fled' }, today))).toEqual([['VALUE_UNKNOWN', 'reason']]);
  });
});

const profile = (id: string, more: Partial<KnownProfile> = {}): [string, KnownProfile] => [id, { id, interventionId: 'football', withdrawnAt: null, languages: ['es'], ageBand: '25-34', gender: 'woman', ...more }];
const candidate = (participantId: string, more: Partial<Candidate> = {}): Candidate => ({ participantId, availability: ['mon-evening'], interests: [], area: '', prefersGender: '', vetted: false, capacity: 0, ...more });

describe('a proposal of pairs', () => {
  const people = new Map([profile('ana'), profile('eva'), profile('bo'), profile('cy', { ageBand: '13-17' })]);
  const proposal = { interventionId: 'football', supporters: [candidate('ana'), candidate('eva', { vetted: true })], supported: [candidate('bo'), candidate('cy')], keepApart: [] };
  const propose = (more: object = {}, pairings: readonly Pairing[] = []) => proposePairings({ ...proposal, ...more }, people, pairings, today);

  it('keeps minors with those who are cleared, people apart who are kept apart, and people free who are not', () => {
    expect(propose()).toMatchObject({ pairs: [{ supporter: 'ana', supported: 'bo' }, { supporter: 'eva', supported: 'cy' }], unpaired: [] });
    expect(propose({ keepApart: [{ participantIds: ['cy', 'eva'] }] })).toMatchObject({ unpaired: [{ id: 'cy', because: expect.arrayContaining(['kept-apart', 'safeguarding']) }] });
    const standing: Pairing = { ...started(), supporterId: 'ana', supportedId: 'bo' };
    expect(propose({}, [standing])).toMatchObject({ pairs: [{ supporter: 'eva', supported: 'cy' }], unpaired: [] });
  });

  it('does not propose again, for half a year, whoever was paired', () => {
    const ended = (endedOn: string): Pairing => ({ ...started(), supporterId: 'eva', supportedId: 'cy', status: 'ended', endedOn, reason: 'did-not-fit' });
    expect(propose({}, [ended('2026-05-01')])).toMatchObject({ unpaired: [{ id: 'cy', because: expect.arrayContaining(['cooling-off']) }] });
    expect(propose({}, [ended('2025-05-01')])).toMatchObject({ unpaired: [] });
  });

  it('names who is unknown, given twice, on both sides, or supports too many', () => {
    const refused = (more: object) => (propose(more) as { refusals: readonly { code: string; path: readonly string[] }[] }).refusals.map(({ code, path }) => [code, path.join('.')]);
    expect(refused({ supporters: [candidate('nobody'), candidate('ana'), candidate('ana', { capacity: 99 })] })).toEqual([['PARTICIPANT_UNKNOWN', 'supporters.0.participantId'], ['CANDIDATE_TWICE', 'supporters.2.participantId']]);
    expect(refused({ supporters: [candidate('bo', { capacity: 99 })] })).toEqual([['CAPACITY_OUT_OF_RANGE', 'supporters.0.capacity'], ['CANDIDATE_ON_BOTH_SIDES', 'supporters.0.participantId']]);
    expect(refused({ supported: [] })).toEqual([['CANDIDATES_MISSING', 'supported']]);
    expect(refused({ keepApart: [{ participantIds: ['ana'] }] })).toEqual([['PAIR_OF_TWO', 'keepApart.0.participantIds']]);
  });
});
