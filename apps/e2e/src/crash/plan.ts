import type { Command, Person } from './commands.js';
import type { Chance } from './seeded.js';

export const MISSION = 'PE';
const DAY_MS = 86_400_000;
const SEASON_STARTS = Date.UTC(2026, 0, 5, 15);
const REFUSED_SHARE = 0.12;
const UPLOADED_SHARE = 0.8;
const UPLOAD = 60;

type Work = { readonly chance: Chance; readonly about: { readonly mission: string; readonly interventionId: string }; readonly people: readonly Person[] };

/**
 * What one client does, one command after another: enrols some, plans some, records what was held, corrects and cancels.
 * It is the only one to touch its activities, so that the versions it names are true.
 */
export const planClient = (chance: Chance, interventionId: string, activities: number): Command[] => {
  const people = Array.from({ length: 3 }, (): Person => ({ participantId: chance.uuid(), side: chance.pick(['host', 'migrant']) }));
  const work: Work = { chance, about: { mission: MISSION, interventionId }, people };
  const commands = people.slice(0, chance.whole(1, 3)).map((person): Command => ({ ...work.about, commandId: chance.uuid(), name: 'enrol', ...person }));
  for (let left = activities; left > 0; ) {
    const some = Math.min(left, chance.whole(1, 3));
    commands.push(...planSome(work, some));
    left -= some;
  }
  return commands.flatMap((command) => (chance.next() < REFUSED_SHARE ? [{ ...command, commandId: chance.uuid(), refused: true }, command] : [command]));
};

const planSome = ({ chance, about, people }: Work, count: number): Command[] => {
  const activities = Array.from({ length: count }, () => ({ activityId: chance.uuid(), startsAt: new Date(SEASON_STARTS + chance.whole(0, 180) * DAY_MS).toISOString() }));
  const next = <T extends object>(rest: T) => ({ ...about, commandId: chance.uuid(), ...rest });
  const records = activities.flatMap(({ activityId, startsAt }): Command[] => {
    if (chance.next() < 0.2) return [next({ name: 'cancel' as const, activityId, version: 2, startsAt })];
    const record = (version: number) => ({ activityId, version, startsAt, present: people.filter(() => chance.next() < 0.6), cooperation: chance.whole(1, 5) });
    const corrections = Array.from({ length: chance.whole(0, 2) }, (_, index): Command => next({ name: 'correct' as const, ...record(3 + index) }));
    return [next({ name: 'hold' as const, ...record(2) }), ...corrections];
  });
  return [next({ name: 'plan' as const, activities }), ...records];
};

/** A season of one intervention as several phones send it: most of it in uploads, the rest one command at a time. */
export const planSeason = (chance: Chance, interventionId: string, activities: number): Command[] => {
  const single = planClient(chance, interventionId, activities);
  const season: Command[] = [];
  while (single.length > 0) {
    const some = single.splice(0, UPLOAD);
    if (chance.next() < UPLOADED_SHARE) season.push({ mission: MISSION, interventionId, commandId: chance.uuid(), name: 'upload', commands: some.filter(({ refused }) => !refused) });
    else season.push(...some);
  }
  return season;
};
