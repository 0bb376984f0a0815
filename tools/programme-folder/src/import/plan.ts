import type { Programme } from '../programme/programme.js';
import { activityIdOf, instrumentIdOf, interventionIdOf, participantIdOf, roundIdOf } from './ids.js';

/** What the platform holds already of the things a folder speaks of, by code. */
export type Existing = {
  readonly missions: ReadonlySet<string>;
  /** By `mission/code`. */
  readonly interventions: ReadonlyMap<string, string>;
  /** By intervention id, then code. */
  readonly participants: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly activities: ReadonlyMap<string, ReadonlyMap<string, { readonly id: string; readonly status: string }>>;
  readonly rounds: ReadonlyMap<string, ReadonlyMap<string, { readonly id: string; readonly answers: number }>>;
  /** Instruments by id. */
  readonly instruments: ReadonlySet<string>;
};

export const NOTHING_EXISTS: Existing = {
  missions: new Set(),
  interventions: new Map(),
  participants: new Map(),
  activities: new Map(),
  rounds: new Map(),
  instruments: new Set(),
};

/** One line of a preview. `changed` counts records of activities that are planned already and would now be recorded. */
export type PlanLine = { readonly what: string; readonly created: number; readonly changed: number; readonly there: number };

export type Ids = {
  intervention(code: string): string;
  participant(intervention: string, code: string): string;
  activity(code: string): string;
  instrument(code: string): string;
  round(code: string): string;
};

/** Ids for everything the folder names: those the platform gave already, else those this folder always gives. */
export const idsFor = (programme: Programme, existing: Existing): Ids => {
  const missionOf = new Map(programme.interventions.map((row) => [row.intervention, row.mission]));
  const interventionOfActivity = new Map(programme.activities.map((row) => [row.activity, row.intervention]));
  const roundByCode = new Map(programme.rounds.map((row) => [row.round, row]));
  const missionOfInstrument = new Map(programme.rounds.map((row) => [row.instrument, missionOf.get(row.intervention) ?? '']));
  const intervention = (code: string): string => {
    const mission = missionOf.get(code) ?? '';
    return existing.interventions.get(`${mission}/${code}`) ?? interventionIdOf(mission, code);
  };
  return {
    intervention,
    participant: (of, code) => existing.participants.get(intervention(of))?.get(code) ?? participantIdOf(intervention(of), code),
    activity: (code) => {
      const of = intervention(interventionOfActivity.get(code) ?? '');
      return existing.activities.get(of)?.get(code)?.id ?? activityIdOf(of, code);
    },
    instrument: (code) => {
      const items = programme.items.filter((row) => row.instrument === code).map(({ line: _line, ...item }) => item);
      return instrumentIdOf(missionOfInstrument.get(code) ?? programme.missions[0]?.mission ?? '', code, items);
    },
    round: (code) => {
      const of = intervention(roundByCode.get(code)?.intervention ?? '');
      return existing.rounds.get(of)?.get(code)?.id ?? roundIdOf(of, code);
    },
  };
};

/** What a run would do, counted; nothing is written. */
export const planImport = (programme: Programme, existing: Existing): readonly PlanLine[] => {
  const ids = idsFor(programme, existing);
  const line = (what: string, total: number, there: number, changed = 0): PlanLine => ({ what, created: total - there - changed, changed, there });
  const interventionOf = new Map(programme.activities.map((row) => [row.activity, row.intervention]));
  const knownActivity = (code: string): { status: string } | undefined => existing.activities.get(ids.intervention(interventionOf.get(code) ?? ''))?.get(code);
  const instruments = [...new Set(programme.items.map((row) => row.instrument))];
  const openEnded = (status: string): boolean => ['planned', 'rescheduled', 'unrecorded'].includes(status);
  const toRecord = programme.activities.filter((row) => {
    const known = knownActivity(row.activity);
    return known !== undefined && row.status !== 'planned' && openEnded(known.status);
  });
  const respondents = new Set(programme.responses.map((row) => `${row.round}\u0001${row.participant}`));
  const answersThere = programme.rounds.reduce((sum, row) => sum + (existing.rounds.get(ids.intervention(row.intervention))?.get(row.round)?.answers ?? 0), 0);
  return [
    line('missions', programme.missions.length, programme.missions.filter((row) => existing.missions.has(row.mission)).length),
    line('interventions', programme.interventions.length, programme.interventions.filter((row) => existing.interventions.has(`${row.mission}/${row.intervention}`)).length),
    line('participants', programme.participants.length, programme.participants.filter((row) => existing.participants.get(ids.intervention(row.intervention))?.has(row.participant)).length),
    line('activities', programme.activities.length, programme.activities.filter((row) => knownActivity(row.activity)).length - toRecord.length, toRecord.length),
    line('instruments', instruments.length, instruments.filter((code) => existing.instruments.has(ids.instrument(code))).length),
    line('survey rounds', programme.rounds.length, programme.rounds.filter((row) => existing.rounds.get(ids.intervention(row.intervention))?.has(row.round)).length),
    line(`answers (${respondents.size} submissions)`, programme.responses.length, Math.min(answersThere, programme.responses.length)),
  ];
};
