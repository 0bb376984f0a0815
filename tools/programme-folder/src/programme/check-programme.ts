import type { FileRefusal } from '../refusal.js';
import type { Programme } from './programme.js';
import { POPULATIONS } from './read-programme.js';

type Located = { readonly line: number };

/**
 * What only shows when files are read together: codes given twice, names that nothing stands behind,
 * answers outside their item's range. Rows found wanting are left out of the programme that is returned.
 */
export const checkProgramme = (programme: Programme): { programme: Programme; refusals: readonly FileRefusal[] } => {
  const refusals: FileRefusal[] = [];
  const keep = <T extends Located>(file: string, rows: readonly T[], faults: (row: T) => readonly [column: string, reason: string | false][]): T[] =>
    rows.filter((row) => {
      const found = faults(row).filter((fault): fault is [string, string] => fault[1] !== false);
      refusals.push(...found.map(([column, reason]) => ({ file, row: row.line, column, reason })));
      return found.length === 0;
    });
  const once = <T extends Located>(key: (row: T) => string): ((row: T) => string | false) => {
    const first = new Map<string, number>();
    return (row) => {
      const line = first.get(key(row));
      if (line === undefined) first.set(key(row), row.line);
      return line !== undefined && `was given already in row ${line}`;
    };
  };
  const codes = <T>(rows: readonly T[], key: (row: T) => string): ReadonlySet<string> => new Set(rows.map(key));
  const unknown = (known: ReadonlySet<string>, value: string, file: string): string | false => !known.has(value) && `${JSON.stringify(value)} is not in ${file}`;
  const scoped = (...parts: readonly string[]): string => parts.join('\u0001');

  const missionOnce = once<Programme['missions'][number]>((row) => row.mission);
  const missions = keep('mission.csv', programme.missions, (row) => [['mission', missionOnce(row)]]);

  const interventionOnce = once<Programme['interventions'][number]>((row) => row.intervention);
  const interventions = keep('interventions.csv', programme.interventions, (row) => [
    ['intervention', interventionOnce(row)],
    ['ends_on', row.endsOn < row.startsOn && 'is before starts_on'],
  ]);
  const interventionCodes = codes(interventions, (row) => row.intervention);

  const participantOnce = once<Programme['participants'][number]>((row) => scoped(row.intervention, row.participant));
  const participants = keep('participants.csv', programme.participants, (row) => [
    ['participant', participantOnce(row)],
    ['intervention', unknown(interventionCodes, row.intervention, 'interventions.csv')],
  ]);
  const enrolled = codes(participants, (row) => scoped(row.intervention, row.participant));

  const activityOnce = once<Programme['activities'][number]>((row) => row.activity);
  const activities = keep('activities.csv', programme.activities, (row) => [
    ['activity', activityOnce(row)],
    ['intervention', unknown(interventionCodes, row.intervention, 'interventions.csv')],
    ['ends_at', new Date(row.endsAt) <= new Date(row.startsAt) && 'is not after starts_at'],
    ['reason', ['cancelled', 'did-not-happen'].includes(row.status) && row.reason === '' && 'is empty; say why it did not take place'],
  ]);
  const interventionOf = new Map(activities.map((row) => [row.activity, row.intervention]));

  const attendanceOnce = once<Programme['attendance'][number]>((row) => scoped(row.activity, row.participant));
  const held = new Set(activities.filter((row) => row.status === 'held').map((row) => row.activity));
  const attendance = keep('attendance.csv', programme.attendance, (row) => [
    ['participant', attendanceOnce(row)],
    ['activity', !interventionOf.has(row.activity) ? unknown(codes(activities, (one) => one.activity), row.activity, 'activities.csv') : !held.has(row.activity) && 'was not held, so nobody attended it'],
    ['participant', interventionOf.has(row.activity) && !enrolled.has(scoped(interventionOf.get(row.activity) ?? '', row.participant)) && `${JSON.stringify(row.participant)} is not enrolled in the activity’s intervention in participants.csv`],
  ]);

  const itemOnce = once<Programme['items'][number]>((row) => scoped(row.instrument, row.item));
  const items = keep('instrument.csv', programme.items, (row) => [
    ['item', itemOnce(row)],
    ['maximum', !(row.maximum > row.minimum) && 'is not greater than minimum'],
  ]);
  const instrumentCodes = codes(items, (row) => row.instrument);

  const roundOnce = once<Programme['rounds'][number]>((row) => row.round);
  const rounds = keep('rounds.csv', programme.rounds, (row) => [
    ['round', roundOnce(row)],
    ['intervention', unknown(interventionCodes, row.intervention, 'interventions.csv')],
    ['instrument', unknown(instrumentCodes, row.instrument, 'instrument.csv')],
    ['population', !POPULATIONS.includes(row.population) && `${JSON.stringify(row.population)} is none of ${POPULATIONS.join(', ')}`],
    ['closes_on', row.closesOn < row.opensOn && 'is before opens_on'],
  ]);
  const roundByCode = new Map(rounds.map((row) => [row.round, row]));
  const itemByCode = new Map(items.map((row) => [scoped(row.instrument, row.item), row]));

  const responseOnce = once<Programme['responses'][number]>((row) => scoped(row.round, row.participant, row.item));
  const responses = keep('responses.csv', programme.responses, (row) => {
    const round = roundByCode.get(row.round);
    const item = round && itemByCode.get(scoped(round.instrument, row.item));
    return [
      ['item', responseOnce(row)],
      ['round', !round && `${JSON.stringify(row.round)} is not in rounds.csv`],
      ['item', round !== undefined && !item && `${JSON.stringify(row.item)} is not an item of ${round.instrument}`],
      ['value', item !== undefined && (row.value < item.minimum || row.value > item.maximum) && `${row.value} is outside ${item.minimum} to ${item.maximum}`],
      ['participant', round !== undefined && round.population !== 'general-public' && !enrolled.has(scoped(round.intervention, row.participant)) && `${JSON.stringify(row.participant)} is not enrolled in participants.csv`],
    ];
  });
  return { programme: { missions, interventions, participants, activities, attendance, items, rounds, responses }, refusals };
};
