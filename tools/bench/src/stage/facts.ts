import { Facts } from '@common-ground/contracts';
import type { EncodedFact } from '@common-ground/messaging';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { idOf } from './programme.js';

const TOPICS = { registry: 'commonground.registry.v1', scheduling: 'commonground.scheduling.v1', risk: 'commonground.risk.v1', evaluation: 'commonground.evaluation.v1' } as const;
const MISSIONS = ['PE', 'TR', 'DO', 'US', 'CO', 'KE'];
const START = Date.UTC(2022, 0, 1, 15);
const DAY_MS = 86_400_000;
const SIDES = ['host', 'migrant'] as const;

/** A share of every thousand held activities also leads to this. */
const PER_THOUSAND = { unrecorded: 30, didNotHappen: 30, rescheduled: 40, corrected: 30, answers: 100, estimated: 15, flagged: 15 };

export type Shape = { readonly interventions: number; readonly people: number; readonly held: number; readonly attendees: number; readonly months: number };
export type Told = { readonly topic: string; readonly facts: readonly EncodedFact[] };

/** Numbers that come out the same on every machine, below `most`. */
const dice = (seed: number): ((most: number) => number) => {
  const generator = xoroshiro128plus(seed);
  return (most) => (generator.next() >>> 0) % most;
};

/** What services would have told of a programme over years: by topic, in the order in which it happened. */
export const programmeFacts = (shape: Shape, seed = 1): readonly Told[] => {
  const told = { registry: [] as EncodedFact[], scheduling: [] as EncodedFact[], evaluation: [] as EncodedFact[], risk: [] as EncodedFact[] };
  let number = 0;
  const tell = <T>(owner: keyof typeof told, codec: { readonly type: string; encode(value: T): Uint8Array }, data: T, intervention: number, at: Date): void => {
    number += 1;
    const place = placeOf(intervention);
    told[owner].push({ id: idOf(`fact ${seed}/${number}`), type: codec.type, source: owner, time: at, key: place.interventionId, subject: place.interventionId, sequence: number, mission: place.mission, quiet: false, data: codec.encode(data) });
  };
  const roll = dice(seed);
  enrolAll(shape, (codec, data, intervention) => tell('registry', codec, data, intervention, new Date(START)));
  for (let index = 0; index < shape.held; index += 1) holdOne({ shape, index, roll, tell });
  return Object.entries(told).map(([owner, facts]) => ({ topic: TOPICS[owner as keyof typeof told], facts }));
};

const placeOf = (intervention: number) => ({ mission: MISSIONS[intervention % MISSIONS.length] as string, interventionId: idOf(`told intervention ${intervention}`) });
const people = new Map<string, { readonly participantId: string; readonly side: string }>();
/** Kept, because a large programme asks for the same person thousands of times. */
const personOf = (intervention: number, person: number): { readonly participantId: string; readonly side: string } => {
  const name = `told person ${intervention}/${person}`;
  const known = people.get(name) ?? { participantId: idOf(name), side: SIDES[person % 2] as string };
  people.set(name, known);
  return known;
};

type Tell = <T>(owner: 'registry' | 'scheduling' | 'evaluation' | 'risk', codec: { readonly type: string; encode(value: T): Uint8Array }, data: T, intervention: number, at: Date) => void;

const enrolAll = ({ interventions, people: each }: Shape, tell: <T>(codec: { readonly type: string; encode(value: T): Uint8Array }, data: T, intervention: number) => void): void => {
  for (const mission of MISSIONS) tell(Facts.MissionRegistered, { mission, name: mission, country: mission, timeZone: 'UTC', languages: ['en'] }, 0);
  for (let intervention = 0; intervention < interventions; intervention += 1) {
    const place = placeOf(intervention);
    tell(Facts.InterventionDesigned, { ...place, code: `i${intervention}`, title: `Intervention ${intervention}`, kind: 'discover', modalities: ['in-person'], startsOn: '2022-01-01', endsOn: '2026-12-31', aim: '', design: 'cluster-randomised', assignmentUnit: 'school', sides: [...SIDES] }, intervention);
    for (let person = 0; person < each; person += 1) {
      const { participantId, side } = personOf(intervention, person);
      tell(Facts.ParticipantEnrolled, { ...place, participantId, code: `p${person}`, side, ageBand: '', gender: '', languages: [], priorContact: '', arm: 'treatment', cluster: 'c1', stratum: '' }, intervention);
    }
  }
};

type Happening = { readonly shape: Shape; readonly index: number; readonly roll: (most: number) => number; readonly tell: Tell };

/** One activity, planned and held, and what else comes of some of them. */
const holdOne = ({ shape, index, roll, tell }: Happening): void => {
  const { interventions, held, months } = shape;
  const intervention = index % interventions;
  const at = new Date(START + Math.floor((index / held) * months * 30.4) * DAY_MS);
  const place = placeOf(intervention);
  const activity = { ...place, activityId: idOf(`told activity ${index}`), code: `a${index}`, startsAt: at, endsAt: new Date(at.getTime() + 7_200_000), month: at.toISOString().slice(0, 7), cluster: 'c1' };
  const say = <T>(owner: 'scheduling' | 'evaluation' | 'risk', codec: { readonly type: string; encode(value: T): Uint8Array }, data: T): void => tell(owner, codec, data, intervention, at);
  const also = (perThousand: number): boolean => roll(1_000) < perThousand;
  say('scheduling', Facts.ActivityPlanned, { ...activity, title: 'Football', place: 'The park' });
  if (also(PER_THOUSAND.rescheduled)) say('scheduling', Facts.ActivityRescheduled, { ...activity, previousStartsAt: at, place: '' });
  if (also(PER_THOUSAND.unrecorded)) say('scheduling', Facts.ActivityUnrecorded, { ...activity, endedAt: activity.endsAt });
  if (also(PER_THOUSAND.didNotHappen)) return say('scheduling', Facts.ActivityDidNotHappen, { ...activity, reason: 'weather' });
  const record = heldRecord(shape, intervention, roll);
  say('scheduling', Facts.ActivityHeld, { ...activity, ...record });
  if (also(PER_THOUSAND.corrected)) say('scheduling', Facts.ActivityCorrected, { ...activity, ...record, roster: record.roster.slice(1), outcome: 'held', reason: '' });
  if (also(PER_THOUSAND.answers)) say('evaluation', Facts.SurveySubmitted, { ...place, roundId: idOf(`round ${intervention}`), wave: 'baseline', respondent: `p${roll(shape.people)}`, answers: 5, answersInRound: 5 });
  if (also(PER_THOUSAND.estimated)) say('evaluation', Facts.OutcomeEstimated, estimateOf(place, index));
  if (also(PER_THOUSAND.flagged)) say('risk', Facts.RiskFlagged, { ...place, flagId: idOf(`flag ${index}`), rule: 'poor-contact', subject: 'i', status: 'open', likelihood: 2, impact: 3, severity: 6, evidenceCount: 1, latestEvidence: [], openedAt: at, opened: true, inAppAlerts: [], revision: 1 });
};

const heldRecord = ({ people: each, attendees }: Shape, intervention: number, roll: (most: number) => number) => {
  const first = roll(each);
  const roster = Array.from({ length: attendees }, (_, step) => ({ ...personOf(intervention, (first + step) % each), status: 'present' }));
  return { roster, presentBySide: [], groups: [], expectedSides: [...SIDES], conditions: { equalStatus: 1 + roll(5), commonGoal: 1 + roll(5), cooperation: 1 + roll(5), supportOfAuthorities: 1 + roll(5) } };
};

const estimateOf = (place: { readonly mission: string; readonly interventionId: string }, revision: number) => ({
  ...Facts.OutcomeEstimated.decode(new Uint8Array()),
  ...place, instrumentId: idOf('instrument'), item: 'trust', wave: 'post', method: 'two-arm-change-cr2', claim: 'effect', n: 115, nComparison: 60, nTreatment: 55, clusters: 16, answeredBaseline: 120, answeredWave: 115,
  attrition: 0.04, attritionComparison: 0.03, attritionTreatment: 0.05, changeComparison: -0.04, changeTreatment: 0.02, difference: 0.06, standardError: 0.03, df: 9, intervalLow: 0.0008, intervalHigh: 0.15,
  higherIs: 'worse', harmful: true, caveats: [], estimatedAt: new Date(START), revision, primary: true,
});
