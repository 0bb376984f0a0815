import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A trial of our own making with the structure of a real one: clusters as they were randomised, people of one side only,
 * some of whom did not answer. What a right platform must show of it is worked out here by plain sums.
 */
export type SyntheticTrial = {
  readonly files: Readonly<Record<string, string>>;
  readonly participants: number;
  readonly held: number;
  readonly answers: Readonly<Record<'baseline' | 'post', number>>;
  readonly items: readonly ExpectedItem[];
};

export type ExpectedItem = {
  readonly item: string;
  /** With both waves. */
  readonly n: number;
  /** Mean of post minus baseline, on a scale of 0 to 1. */
  readonly changeComparison: number;
  readonly changeTreatment: number;
  readonly difference: number;
  readonly harmful: boolean;
};

type Item = {
  readonly code: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly higherIs: 'worse' | 'better';
  /** How far treatment moves the answer, and how unsteady people are. */
  readonly moves: number;
  readonly harmful: boolean;
};
type Answer = { readonly round: 'baseline' | 'post'; readonly person: Person; readonly item: Item; readonly value: number };
type Person = { readonly code: string; readonly cluster: number; readonly arm: 'treatment' | 'comparison' };

const CLUSTERS = 16;
const DAYS = 6;
const ITEMS: readonly Item[] = [
  { code: 'fewer', minimum: 1, maximum: 5, higherIs: 'worse', moves: 1.2, harmful: true },
  { code: 'language', minimum: 1, maximum: 5, higherIs: 'worse', moves: 0, harmful: false },
  { code: 'warmth', minimum: 0, maximum: 10, higherIs: 'better', moves: 2, harmful: false },
];

/** Park and Miller's generator: the same seed, the same trial. */
const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
};

export const syntheticTrial = ({ mission = 'US', intervention = 'synthetic-trial', seed = 20_140_101, perCluster = 7 } = {}): SyntheticTrial => {
  const draw = seeded(seed);
  const people = Array.from({ length: CLUSTERS * perCluster }, (_, index): Person => {
    const cluster = index % CLUSTERS;
    return { code: `S${String(index + 1).padStart(3, '0')}`, cluster, arm: cluster % 2 === 0 ? 'treatment' : 'comparison' };
  });
  const answers = people.flatMap((person) => ITEMS.flatMap((item) => answersOf(person, item, draw)));
  const treated = Array.from({ length: CLUSTERS / 2 }, (_, index) => index * 2);
  const activities = treated.flatMap((cluster) => Array.from({ length: DAYS }, (_, day) => ({ code: `${intervention}-c${cluster}-d${day + 1}`, cluster, day })));
  const cluster = (number: number): string => `platform-${number}`;
  const table = (heading: string, rows: readonly string[]): string => [heading, ...rows, ''].join('\n');
  return {
    files: {
      'mission.csv': table('mission,name,country,time_zone,languages', [`${mission},"Trial site, invented",US,America/New_York,en es`]),
      'interventions.csv': table('intervention,mission,title,kind,modality,starts_on,ends_on,aim,design,assignment_unit', [
        `${intervention},${mission},Waiting beside each other,discover,in-person,2013-05-06,2013-06-28,See what mere exposure does,cluster-randomised,platform`,
      ]),
      'participants.csv': table('participant,intervention,side,arm,cluster,stratum', people.map((one) => `${one.code},${intervention},host,${one.arm},${cluster(one.cluster)},${one.cluster % 4}`)),
      'activities.csv': table('activity,intervention,title,starts_at,ends_at,place,status,cluster', activities.map((one) => `${one.code},${intervention},Two people wait,2013-05-${String(6 + one.day).padStart(2, '0')}T07:00:00-04:00,2013-05-${String(6 + one.day).padStart(2, '0')}T07:45:00-04:00,Platform ${one.cluster},held,${cluster(one.cluster)}`)),
      'attendance.csv': table('activity,participant,status', activities.flatMap((one) => people.filter((person) => person.cluster === one.cluster).map((person) => `${one.code},${person.code},present`))),
      'instrument.csv': table('instrument,item,text,scale,minimum,maximum,higher_is,primary', ITEMS.map((item) => `${intervention}-attitudes,${item.code},Statement about ${item.code},scale,${item.minimum},${item.maximum},${item.higherIs},yes`)),
      'rounds.csv': table('round,intervention,instrument,wave,level,population,opens_on,closes_on', [
        `${intervention}-baseline,${intervention},${intervention}-attitudes,baseline,individual,participants and comparison,2013-04-22,2013-05-05`,
        `${intervention}-post,${intervention},${intervention}-attitudes,post,individual,participants and comparison,2013-06-29,2013-07-12`,
      ]),
      'responses.csv': table('round,participant,item,value', answers.map(({ round, person, item, value }) => `${intervention}-${round},${person.code},${item.code},${value}`)),
    },
    participants: people.length,
    held: activities.length,
    answers: { baseline: answers.filter(({ round }) => round === 'baseline').length, post: answers.filter(({ round }) => round === 'post').length },
    items: ITEMS.map((item) => expectedOf(item, answers)),
  };
};

/** One in twelve answers is missing, before and after alike. */
const answersOf = (person: Person, item: Item, draw: () => number): Answer[] => {
  const within = (value: number): number => Math.min(item.maximum, Math.max(item.minimum, Math.round(value)));
  const before = within(item.minimum + 1 + draw() * (item.maximum - item.minimum - 2));
  const unsteady = (draw() - 0.5) * 1.8;
  const after = within(before + unsteady + (person.arm === 'treatment' ? item.moves : 0));
  return ([['baseline', before], ['post', after]] as const).flatMap(([round, value]) => (draw() < 1 / 12 ? [] : [{ round, person, item, value }]));
};

const expectedOf = (item: Item, answers: readonly Answer[]): ExpectedItem => {
  const valueOf = (round: string): Map<Person, number> => new Map(answers.filter((answer) => answer.item === item && answer.round === round).map(({ person, value }) => [person, value]));
  const [before, after] = [valueOf('baseline'), valueOf('post')];
  const both = [...before.keys()].filter((person) => after.has(person));
  const change = (arm: Person['arm']): number => {
    const changes = both.filter((person) => person.arm === arm).map((person) => ((after.get(person) ?? 0) - (before.get(person) ?? 0)) / (item.maximum - item.minimum));
    return changes.reduce((sum, one) => sum + one, 0) / changes.length;
  };
  const [changeComparison, changeTreatment] = [change('comparison'), change('treatment')];
  return { item: item.code, n: both.length, changeComparison, changeTreatment, difference: changeTreatment - changeComparison, harmful: item.harmful };
};

/** The same trial, had nobody been asked beside those it was done for. */
export const withoutComparison = (files: SyntheticTrial['files']): SyntheticTrial['files'] => {
  const rowsOf = (name: string): string[] => (files[name] ?? '').trimEnd().split('\n');
  const isComparison = (row: string): boolean => row.includes(',comparison,');
  const codes = new Set(rowsOf('participants.csv').filter(isComparison).map((row) => row.split(',')[0]));
  const keep = (name: string, keeps: (row: string) => boolean): string => [...rowsOf(name).filter(keeps), ''].join('\n');
  return { ...files, 'participants.csv': keep('participants.csv', (row) => !isComparison(row)), 'responses.csv': keep('responses.csv', (row) => !codes.has(row.split(',')[1])) };
};

export const writeFiles = (folder: string, files: Readonly<Record<string, string>>): string => {
  mkdirSync(folder, { recursive: true });
  for (const [file, content] of Object.entries(files)) writeFileSync(join(folder, file), content);
  return folder;
};
