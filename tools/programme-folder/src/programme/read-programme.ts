import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileRefusal } from '../refusal.js';
import { readCsvTable, type Table } from '../reading/csv-table.js';
import { fieldsOf, type Fields } from './fields.js';
import type { Programme } from './programme.js';

const KINDS = ['train-and-volunteer', 'create-and-perform', 'celebrate-and-play', 'discover', 'learn-and-discuss', 'campaign'];
const MODALITIES = ['in-person', 'online', 'hybrid'];
const DESIGNS = ['none', 'comparison', 'individually-randomised', 'cluster-randomised', 'waitlist'];
const LEVELS = ['individual', 'family-and-friends', 'community', 'region'];
const POPULATIONS = ['participants', 'comparison-group', 'participants-and-comparison', 'general-public'];
const STATUSES = ['planned', 'held', 'did-not-happen', 'cancelled'];
const ARMS = ['treatment', 'comparison'];

type FileShape<T> = { readonly file: string; readonly required: readonly string[]; readonly optional: readonly string[]; read(fields: Fields): T };
type RowOf<K extends keyof Programme> = Programme[K][number];

const code = (fields: Fields, column: string): string => fields.required(column, 64);
const modalitiesOf = (fields: Fields): readonly string[] => {
  const given = fields.list('modality');
  return given.length === 1 ? [fields.requiredOneOf('modality', MODALITIES)] : given;
};
/** "participants and comparison" and "participants-and-comparison" are the same population. */
const term = (value: string): string => value.trim().toLowerCase().replace(/\s+/g, '-');

const SHAPES: { readonly [K in keyof Programme]: FileShape<RowOf<K>> } = {
  missions: {
    file: 'mission.csv',
    required: ['mission', 'name', 'country', 'time_zone', 'languages'],
    optional: [],
    read: (f) => ({ line: f.line, mission: code(f, 'mission'), name: f.required('name', 200), country: f.required('country', 2), timeZone: f.required('time_zone', 64), languages: f.list('languages') }),
  },
  interventions: {
    file: 'interventions.csv',
    required: ['intervention', 'mission', 'title', 'kind', 'modality', 'starts_on', 'ends_on'],
    optional: ['aim', 'design', 'assignment_unit', 'sides'],
    read: (f) => ({
      line: f.line,
      intervention: code(f, 'intervention'),
      mission: code(f, 'mission'),
      title: f.required('title', 200),
      kind: f.requiredOneOf('kind', KINDS),
      modalities: modalitiesOf(f),
      startsOn: f.date('starts_on'),
      endsOn: f.date('ends_on'),
      aim: f.text('aim', 4000),
      design: f.oneOf('design', DESIGNS, 'none'),
      assignmentUnit: f.text('assignment_unit', 200),
      sides: f.list('sides'),
    }),
  },
  participants: {
    file: 'participants.csv',
    required: ['participant', 'intervention', 'side'],
    optional: ['arm', 'cluster', 'stratum', 'age_band', 'gender', 'languages', 'prior_contact'],
    read: (f) => ({
      line: f.line,
      participant: code(f, 'participant'),
      intervention: code(f, 'intervention'),
      side: f.required('side', 64),
      arm: f.oneOf('arm', ARMS, ''),
      cluster: f.text('cluster', 64),
      stratum: f.text('stratum', 64),
      ageBand: f.text('age_band', 16),
      gender: f.text('gender', 16),
      languages: f.list('languages'),
      priorContact: f.text('prior_contact', 16),
    }),
  },
  activities: {
    file: 'activities.csv',
    required: ['activity', 'intervention', 'title', 'starts_at', 'ends_at', 'status'],
    optional: ['place', 'cluster', 'reason', 'equal_status', 'common_goal', 'cooperation', 'support_of_authorities'],
    read: (f) => ({
      line: f.line,
      activity: code(f, 'activity'),
      intervention: code(f, 'intervention'),
      title: f.required('title', 200),
      startsAt: f.moment('starts_at'),
      endsAt: f.moment('ends_at'),
      place: f.text('place', 200),
      cluster: f.text('cluster', 64),
      status: f.requiredOneOf('status', STATUSES),
      reason: f.text('reason', 64),
      conditions: {
        equalStatus: f.wholeNumber('equal_status', 1, 5),
        commonGoal: f.wholeNumber('common_goal', 1, 5),
        cooperation: f.wholeNumber('cooperation', 1, 5),
        supportOfAuthorities: f.wholeNumber('support_of_authorities', 1, 5),
      },
    }),
  },
  attendance: {
    file: 'attendance.csv',
    required: ['activity', 'participant', 'status'],
    optional: ['group'],
    read: (f) => ({ line: f.line, activity: code(f, 'activity'), participant: code(f, 'participant'), status: f.requiredOneOf('status', ['present', 'absent', 'excused']), group: f.text('group', 64) }),
  },
  items: {
    file: 'instrument.csv',
    required: ['instrument', 'item', 'text', 'minimum', 'maximum', 'higher_is'],
    optional: ['scale', 'primary'],
    read: (f) => ({
      line: f.line,
      instrument: code(f, 'instrument'),
      item: code(f, 'item'),
      text: f.required('text', 4000),
      scale: f.text('scale', 200),
      minimum: f.number('minimum'),
      maximum: f.number('maximum'),
      higherIs: f.requiredOneOf('higher_is', ['better', 'worse', 'neither']),
      primary: f.yes('primary'),
    }),
  },
  rounds: {
    file: 'rounds.csv',
    required: ['round', 'intervention', 'instrument', 'wave', 'level', 'population', 'opens_on', 'closes_on'],
    optional: [],
    read: (f) => ({
      line: f.line,
      round: code(f, 'round'),
      intervention: code(f, 'intervention'),
      instrument: code(f, 'instrument'),
      wave: term(f.required('wave', 64)),
      level: f.requiredOneOf('level', LEVELS),
      population: term(f.required('population', 64)),
      opensOn: f.date('opens_on'),
      closesOn: f.date('closes_on'),
    }),
  },
  responses: {
    file: 'responses.csv',
    required: ['round', 'participant', 'item', 'value'],
    optional: [],
    read: (f) => ({ line: f.line, round: code(f, 'round'), participant: code(f, 'participant'), item: code(f, 'item'), value: f.number('value') }),
  },
};

export const FILES: readonly string[] = Object.values(SHAPES).map(({ file }) => file);
export { POPULATIONS };

export type ReadProgramme = { readonly programme: Programme; readonly refusals: readonly FileRefusal[] };

/** Reads every file of the folder that is there; files that are not stay empty. A folder with none of them is refused. */
export const readProgramme = async (folder: string, encoding?: string): Promise<ReadProgramme> => {
  const present = new Set(await readdir(folder));
  const refusals: FileRefusal[] = [];
  if (!FILES.some((file) => present.has(file))) refusals.push({ file: folder, reason: `holds none of ${FILES.join(', ')}` });
  const rows = async <K extends keyof Programme>(part: K): Promise<RowOf<K>[]> => {
    const shape = SHAPES[part] as FileShape<RowOf<K>>;
    if (!present.has(shape.file)) return [];
    const { table, refusals: ofFile } = await readCsvTable(join(folder, shape.file), encoding);
    refusals.push(...ofFile);
    return table ? readRows(table, shape, refusals) : [];
  };
  const programme: Programme = {
    missions: await rows('missions'),
    interventions: await rows('interventions'),
    participants: await rows('participants'),
    activities: await rows('activities'),
    attendance: await rows('attendance'),
    items: await rows('items'),
    rounds: await rows('rounds'),
    responses: await rows('responses'),
  };
  return { programme, refusals };
};

const readRows = <T>(table: Table, shape: FileShape<T>, refusals: FileRefusal[]): T[] => {
  const missing = shape.required.filter((column) => !table.columns.includes(column));
  if (missing.length > 0) {
    refusals.push({ file: table.file, row: 1, reason: `lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}` });
    return [];
  }
  const unknown = table.columns.filter((column) => ![...shape.required, ...shape.optional].includes(column));
  for (const column of unknown) refusals.push({ file: table.file, row: 1, column, reason: `is not a column of ${table.file}; take it out or rename it to one of ${[...shape.required, ...shape.optional].join(', ')}` });
  const sound: T[] = [];
  for (const row of table.rows) {
    const before = refusals.length;
    const value = shape.read(fieldsOf(table.file, row, refusals));
    if (refusals.length === before) sound.push(value);
  }
  return sound;
};
