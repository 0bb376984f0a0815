import { type Refusal } from '@common-ground/kernel';
import { type Exclusion, pairPeople, type PairingProfile, type PairingResult, type Supporter } from '@common-ground/grouping';
import type { Pairing } from './pairing.js';
import { pairingRefusals } from './pairing.errors.js';

export const CANDIDATES_AT_MOST = 500;
export const CAPACITY_AT_MOST = 20;
/** Two who were paired are not proposed again within this many days of the end. */
export const COOLING_OFF_DAYS = 180;
const MINOR_BANDS: ReadonlySet<string> = new Set(['0-4', '5-12', '13-17']);

export type KnownProfile = { readonly id: string; readonly interventionId: string; readonly withdrawnAt: Date | null; readonly languages: readonly string[]; readonly ageBand: string; readonly gender: string };
/** What is said of somebody beyond what is known from enrolment; capacity 0 is one. */
export type Candidate = { readonly participantId: string; readonly availability: readonly string[]; readonly interests: readonly string[]; readonly area: string; readonly prefersGender: string; readonly vetted: boolean; readonly capacity: number };
export type Proposal = {
  readonly interventionId: string;
  readonly supporters: readonly Candidate[];
  readonly supported: readonly Candidate[];
  /** Supporter and supported, or the other way round. */
  readonly keepApart: readonly { readonly participantIds: readonly string[] }[];
};

type Side = 'supporters' | 'supported';

const refuseCandidates = (side: Side, candidates: readonly Candidate[], { interventionId }: Proposal, people: ReadonlyMap<string, KnownProfile>): Refusal[] => {
  if (candidates.length === 0) return [pairingRefusals.nobody(side)];
  if (candidates.length > CANDIDATES_AT_MOST) return [pairingRefusals.tooMany(side, candidates.length, CANDIDATES_AT_MOST)];
  const seen = new Set<string>();
  return candidates.flatMap(({ participantId, capacity }, index): Refusal[] => {
    const path = [side, String(index), 'participantId'];
    const person = people.get(participantId);
    const twice = seen.has(participantId);
    seen.add(participantId);
    if (person?.interventionId !== interventionId) return [pairingRefusals.participantUnknown(...path)];
    if (person.withdrawnAt !== null) return [pairingRefusals.withdrawn(...path)];
    if (twice) return [pairingRefusals.candidateTwice(...path)];
    return Number.isInteger(capacity) && capacity >= 0 && capacity <= CAPACITY_AT_MOST ? [] : [pairingRefusals.capacity(capacity, CAPACITY_AT_MOST, side, String(index), 'capacity')];
  });
};

const profileOf = ({ participantId: id, availability, interests, area, prefersGender, vetted }: Candidate, { languages, gender, ageBand }: KnownProfile): PairingProfile => ({
  id,
  languages,
  availability,
  interests,
  vetted,
  minor: MINOR_BANDS.has(ageBand),
  ...(area === '' ? {} : { area }),
  ...(gender === '' ? {} : { gender }),
  ...(prefersGender === '' ? {} : { prefersGender }),
});

const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

/** Pairs that ended not long ago; which of the two supported the other does not matter. */
const coolingOff = (pairings: readonly Pairing[], today: string): readonly Exclusion[] =>
  pairings.flatMap((pairing): Exclusion[] =>
    pairing.status === 'ended' && daysBetween(pairing.endedOn, today) < COOLING_OFF_DAYS
      ? [{ supporter: pairing.supporterId, supported: pairing.supportedId, because: 'cooling-off' }, { supporter: pairing.supportedId, supported: pairing.supporterId, because: 'cooling-off' }]
      : [],
  );

/**
 * Who would fit whom, with pairings that stand taken into account; nothing is started.
 * @param pairings - every pairing of the intervention
 */
export const proposePairings = (said: Proposal, people: ReadonlyMap<string, KnownProfile>, pairings: readonly Pairing[], today: string): PairingResult | { readonly refusals: readonly [Refusal, ...Refusal[]] } => {
  const both = said.supporters.filter(({ participantId }) => said.supported.some((one) => one.participantId === participantId));
  const [first, ...others] = [
    ...refuseCandidates('supporters', said.supporters, said, people),
    ...refuseCandidates('supported', said.supported, said, people),
    ...both.map(({ participantId }) => pairingRefusals.onBothSides('supporters', String(said.supporters.findIndex((one) => one.participantId === participantId)), 'participantId')),
    ...said.keepApart.flatMap(({ participantIds }, index) => (participantIds.length === 2 ? [] : [pairingRefusals.notTwo('keepApart', String(index), 'participantIds')])),
  ];
  if (first) return { refusals: [first, ...others] };
  const known = (candidate: Candidate): PairingProfile => profileOf(candidate, people.get(candidate.participantId) as KnownProfile);
  const active = pairings.filter(({ status }) => status === 'active');
  const supporters = said.supporters.map((candidate): Supporter => {
    const taken = active.filter(({ supporterId }) => supporterId === candidate.participantId).length;
    return { ...known(candidate), capacity: Math.max(0, (candidate.capacity || 1) - taken) };
  });
  const free = said.supported.filter(({ participantId }) => !active.some(({ supportedId }) => supportedId === participantId));
  const apart = said.keepApart.flatMap(({ participantIds: [one = '', other = ''] }): Exclusion[] => [{ supporter: one, supported: other, because: 'kept-apart' }, { supporter: other, supported: one, because: 'kept-apart' }]);
  return pairPeople({ supporters, supported: free.map(known), exclusions: [...apart, ...coolingOff(pairings, today)] });
};
