import type { Programme } from '@common-ground/programme-folder';
import { DISTRICTS, type District } from './districts.js';
import { seededDraw, type Draw } from './draw.js';
import { rotatingGroups } from './season.js';

const DAY_MS = 86_400_000;
const LINE = { line: 0 };

const dateOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The last of the given weekday (0 is Sunday) before today. */
const lastWeekday = (today: Date, weekday: number): number => {
  const midnight = Date.parse(dateOf(today.getTime()));
  return midnight - (((new Date(midnight).getUTCDay() - weekday + 7) % 7) || 7) * DAY_MS;
};

type Person = Programme['participants'][number];

/**
 * The demonstration missions as one programme: months of activities up to today and some ahead,
 * answers before and after, one district where contact went wrong lately.
 *
 * @param today everything is dated from here, so that a first start always looks alive
 */
export const demonstrationProgramme = async (today: Date): Promise<Programme> => {
  const parts: Programme[] = [];
  for (const district of DISTRICTS) parts.push(await districtProgramme(district, today));
  const all = <K extends keyof Programme>(part: K): Programme[K] => parts.flatMap((one) => one[part] as readonly unknown[]) as unknown as Programme[K];
  return {
    missions: all('missions'),
    interventions: all('interventions'),
    participants: all('participants'),
    activities: all('activities'),
    attendance: all('attendance'),
    items: all('items'),
    rounds: all('rounds'),
    responses: all('responses'),
  };
};

const districtProgramme = async (district: District, today: Date): Promise<Programme> => {
  const draw = seededDraw(district.seed);
  const last = lastWeekday(today, district.weekday);
  const first = last - (district.weeks.past - 1) * 7 * DAY_MS;
  const { mission, intervention } = district;
  const people = enrol(district, draw);
  const activities = calendar(district, first);
  const { offset: _offset, ...missionRow } = mission;
  const rounds = surveyRounds(district, first, last);
  return {
    missions: [{ ...LINE, ...missionRow }],
    interventions: [{
      ...LINE,
      intervention: intervention.code,
      mission: mission.mission,
      title: `${intervention.title} (${district.district})`,
      kind: intervention.kind,
      modalities: ['in-person'],
      startsOn: dateOf(first - 21 * DAY_MS),
      endsOn: dateOf(last + (district.weeks.ahead + 4) * 7 * DAY_MS),
      aim: intervention.aim,
      design: intervention.design,
      assignmentUnit: intervention.assignmentUnit,
      sides: ['migrant', 'host'],
    }],
    participants: people,
    activities,
    attendance: await attend(district, people, activities, draw),
    items: district.items.map(({ item, text, higherIs }) => ({ ...LINE, instrument: `${intervention.code}-pulse`, item, text, scale: 'agreement 1-5', minimum: 1, maximum: 5, higherIs, primary: true })),
    rounds,
    responses: answer(district, people, rounds, draw),
  };
};

const enrol = (district: District, draw: Draw): Person[] =>
  [...Array.from({ length: district.hosts }, () => 'host'), ...Array.from({ length: district.migrants }, () => 'migrant')].map((side, index) => ({
    ...LINE,
    participant: `${district.mission.mission}-${String(index + 1).padStart(3, '0')}`,
    intervention: district.intervention.code,
    side,
    arm: district.comparisonShare === 0 ? '' : draw.chance(district.comparisonShare) ? 'comparison' : 'treatment',
    cluster: '',
    stratum: '',
    ageBand: '',
    gender: '',
    languages: [],
    priorContact: draw.pick(['none', 'some', 'some', 'regular']),
  }));

const calendar = (district: District, first: number): Programme['activities'][number][] =>
  Array.from({ length: district.weeks.past + district.weeks.ahead }, (_, week) => {
    const date = dateOf(first + week * 7 * DAY_MS);
    const past = week < district.weeks.past;
    const rained = past && week % 9 === 7;
    const poor = district.poorWeeks.includes(week);
    return {
      ...LINE,
      activity: `${district.intervention.code}-${String(week + 1).padStart(2, '0')}`,
      intervention: district.intervention.code,
      title: district.activityTitle,
      startsAt: `${date}T${district.startsAt}:00${district.mission.offset}`,
      endsAt: `${date}T${district.endsAt}:00${district.mission.offset}`,
      place: district.places[week % district.places.length] ?? '',
      cluster: '',
      status: !past ? 'planned' : rained ? 'did-not-happen' : 'held',
      reason: rained ? 'weather' : '',
      conditions: poor ? { ...district.conditions, equalStatus: 2, cooperation: 2 } : district.conditions,
    };
  });

const attend = async (district: District, people: readonly Person[], activities: Programme['activities'], draw: Draw): Promise<Programme['attendance'][number][]> => {
  const invited = people.filter(({ arm }) => arm !== 'comparison');
  const gatherings = activities.filter(({ status }) => status === 'held').map(({ activity }) => ({ activity, present: invited.filter(() => draw.chance(district.attendance)) }));
  const groupOf = await rotatingGroups(gatherings, district.groups, district.seed);
  return gatherings.flatMap(({ activity, present }) => present.map(({ participant }) => ({ ...LINE, activity, participant, status: 'present', group: groupOf.get(`${activity} ${participant}`) ?? '' })));
};

const surveyRounds = (district: District, first: number, last: number): Programme['rounds'][number][] => {
  const { code } = district.intervention;
  const round = (wave: string, opens: number, closes: number): Programme['rounds'][number] => ({
    ...LINE,
    round: `${code}-${wave}`,
    intervention: code,
    instrument: `${code}-pulse`,
    wave,
    level: 'individual',
    population: district.comparisonShare > 0 ? 'participants-and-comparison' : 'participants',
    opensOn: dateOf(opens),
    closesOn: dateOf(closes),
  });
  return [round('baseline', first - 21 * DAY_MS, first - DAY_MS), round('post', last - 14 * DAY_MS, last + 14 * DAY_MS)];
};

const answer = (district: District, people: readonly Person[], rounds: Programme['rounds'], draw: Draw): Programme['responses'][number][] =>
  people.flatMap((person) => {
    const leaning = draw.bell() * 0.7;
    const answersPost = draw.chance(0.84);
    const score = (value: number): number => Math.min(5, Math.max(1, Math.round(value)));
    return district.items.flatMap(({ item, mean, gain }) => {
      const before = mean + leaning + draw.bell() * 0.5;
      const change = (person.arm === 'comparison' ? 0.1 : 1) * gain + draw.bell() * 0.6;
      return rounds
        .filter(({ wave }) => wave === 'baseline' || answersPost)
        .map(({ round, wave }) => ({ ...LINE, round, participant: person.participant, item, value: score(wave === 'baseline' ? before : before + change) }));
    });
  });
