import type { Programme } from '../programme/programme.js';
import { commandIdOf } from './ids.js';
import type { Ids } from './plan.js';

/** One mutation to send. `rows` counts what it carries; `origin` names the file and line of each row, for refusals. */
export type ImportCommand = {
  readonly mutation: string;
  readonly inputType: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly batch: boolean;
  readonly origin: readonly { readonly file: string; readonly line: number }[];
};

const BATCH = 500;
const RECORDS = 100;

const chunks = <T>(rows: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(rows.length / size) }, (_, index) => rows.slice(index * size, (index + 1) * size));

const groupBy = <T>(rows: readonly T[], key: (row: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
};

type Located = { readonly line: number };
type Input = Readonly<Record<string, unknown>>;

const command = (mutation: string, file: string, rows: readonly Located[], input: Input, batch: boolean): ImportCommand => ({
  mutation,
  inputType: `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`,
  input,
  batch,
  origin: rows.map(({ line }) => ({ file, line })),
});
const single = (mutation: string, file: string, row: Located, input: Input): ImportCommand => command(mutation, file, [row], input, false);
const term = (value: string): string => value.toUpperCase().replaceAll('-', '_');
const said = <T>(value: T): T | undefined => (value === '' || (Array.isArray(value) && value.length === 0) ? undefined : value);

/**
 * Everything a folder asks of the platform, in the order in which it can be done.
 *
 * @param run names this run of the import; commands of one run are sent again under the same ids
 */
export const commandsFor = (programme: Programme, ids: Ids, run: string): readonly ImportCommand[] =>
  allCommands(programme, ids).map((one) => ({ ...one, input: { commandId: commandIdOf(run, one.mutation, one.input), ...one.input } }));

const allCommands = (programme: Programme, ids: Ids): readonly ImportCommand[] => [
  ...programme.missions.map(({ line, ...mission }) => single('registerMission', 'mission.csv', { line }, { ...mission })),
  ...programme.interventions.map((row) => single('designIntervention', 'interventions.csv', row, interventionInput(row, ids))),
  ...enrolments(programme, ids),
  ...plans(programme, ids),
  ...records(programme, ids),
  ...instruments(programme, ids),
  ...programme.rounds.map(({ line, round, intervention, instrument, ...rest }) =>
    single('openSurveyRound', 'rounds.csv', { line }, { id: ids.round(round), interventionId: ids.intervention(intervention), instrumentId: ids.instrument(instrument), code: round, ...rest }),
  ),
  ...submissions(programme, ids),
];

const interventionInput = (row: Programme['interventions'][number], ids: Ids): Input => ({
  id: ids.intervention(row.intervention),
  mission: row.mission,
  code: row.intervention,
  title: row.title,
  kind: term(row.kind),
  modalities: row.modalities.map(term),
  startsOn: row.startsOn,
  endsOn: row.endsOn,
  aim: said(row.aim),
  design: term(row.design),
  assignmentUnit: said(row.assignmentUnit),
  sides: said(row.sides),
});

const enrolments = (programme: Programme, ids: Ids): ImportCommand[] =>
  [...groupBy(programme.participants, (row) => row.intervention)].flatMap(([intervention, people]) =>
    chunks(people, BATCH).map((chunk) =>
      command('enrolParticipants', 'participants.csv', chunk, {
        interventionId: ids.intervention(intervention),
        participants: chunk.map((row) => ({
          id: ids.participant(intervention, row.participant),
          code: row.participant,
          side: row.side,
          ageBand: said(row.ageBand),
          gender: said(row.gender),
          languages: said(row.languages),
          priorContact: said(row.priorContact),
          arm: said(row.arm),
          cluster: said(row.cluster),
          stratum: said(row.stratum),
        })),
      }, true),
    ),
  );

const plans = (programme: Programme, ids: Ids): ImportCommand[] =>
  [...groupBy(programme.activities, (row) => row.intervention)].flatMap(([intervention, activities]) =>
    chunks(activities, BATCH).map((chunk) =>
      command('planActivities', 'activities.csv', chunk, {
        interventionId: ids.intervention(intervention),
        activities: chunk.map((row) => ({ id: ids.activity(row.activity), code: row.activity, title: row.title, startsAt: row.startsAt, endsAt: row.endsAt, place: said(row.place), cluster: said(row.cluster) })),
      }, true),
    ),
  );

const records = (programme: Programme, ids: Ids): ImportCommand[] => {
  const attendance = groupBy(programme.attendance, (row) => row.activity);
  const held = chunks(programme.activities.filter((row) => row.status === 'held'), RECORDS).map((chunk) =>
    command('recordActivitiesHeld', 'activities.csv', chunk, { records: chunk.map((row) => heldRecord(row, attendance.get(row.activity) ?? [], ids)) }, true),
  );
  const others = programme.activities.filter((row) => row.status === 'cancelled' || row.status === 'did-not-happen');
  return [
    ...held,
    ...others.map((row) => single(row.status === 'cancelled' ? 'cancelActivity' : 'recordActivityDidNotHappen', 'activities.csv', row, { activityId: ids.activity(row.activity), reason: row.reason })),
  ];
};

const heldRecord = (activity: Programme['activities'][number], roster: Programme['attendance'], ids: Ids): Input => {
  const idOf = (row: Programme['attendance'][number]): string => ids.participant(activity.intervention, row.participant);
  const grouped = groupBy(roster.filter((row) => row.group !== '' && row.status === 'present'), (row) => row.group);
  const { equalStatus, commonGoal, cooperation, supportOfAuthorities } = activity.conditions;
  const seen = (value: number): number | undefined => (value === 0 ? undefined : value);
  return {
    activityId: ids.activity(activity.activity),
    roster: roster.map((row) => ({ participantId: idOf(row), status: term(row.status) })),
    groups: [...grouped].map(([name, members]) => ({ name, participantIds: members.map(idOf) })),
    conditions: { equalStatus: seen(equalStatus), commonGoal: seen(commonGoal), cooperation: seen(cooperation), supportOfAuthorities: seen(supportOfAuthorities) },
  };
};

const instruments = (programme: Programme, ids: Ids): ImportCommand[] => {
  const missionOf = new Map(programme.interventions.map((row) => [row.intervention, row.mission]));
  const users = new Map(programme.rounds.map((row) => [row.instrument, missionOf.get(row.intervention) ?? '']));
  return [...groupBy(programme.items, (row) => row.instrument)].map(([instrument, items]) =>
    command('publishInstrument', 'instrument.csv', items, {
      id: ids.instrument(instrument),
      mission: users.get(instrument) ?? programme.missions[0]?.mission ?? '',
      code: instrument,
      title: instrument,
      items: items.map((row) => ({ code: row.item, text: row.text, scale: said(row.scale), minimum: row.minimum, maximum: row.maximum, higherIs: term(row.higherIs), primary: row.primary })),
    }, false),
  );
};

const submissions = (programme: Programme, ids: Ids): ImportCommand[] =>
  [...groupBy(programme.responses, (row) => row.round)].flatMap(([round, answers]) => {
    const people = [...groupBy(answers, (row) => row.participant)];
    return chunks(people, BATCH).map((chunk) =>
      command('submitResponses', 'responses.csv', chunk.map(([, rows]) => ({ line: rows[0]?.line ?? 0 })), {
        roundId: ids.round(round),
        submissions: chunk.map(([respondent, rows]) => ({ respondent, answers: rows.map(({ item, value }) => ({ item, value })) })),
      }, true),
    );
  });
