import { throwIfRefused, type Refusal } from '@common-ground/kernel';
import type { FormedGroup } from '../forming/broken-rules.js';
import { listed, type Message } from '../forming/messages.js';
import { seededRandom } from '../random.js';
import { balanceSides } from './balance-sides.js';
import { rotate, type Candidate, type Slot } from './rotate.js';

export type RotaPerson = {
  readonly id: string;
  readonly side: string;
  /** Roles that this person would like, and roles that they are never given. */
  readonly wishes?: readonly string[];
  readonly excludedFrom?: readonly string[];
};

export type RotaHolder = { readonly group: string; readonly role: string; /** Null where nobody in the group may hold it. */ readonly person: string | null };

export type RotaRequest = {
  readonly people: readonly RotaPerson[];
  /** As `leader`, `notetaker`: each once in every group; nobody holds two in one activity. The first comes first. */
  readonly roles: readonly string[];
  /** In order of time; `held` are roles as they were, which stay and count. */
  readonly activities: readonly { readonly id: string; readonly groups: readonly FormedGroup[]; readonly held?: readonly RotaHolder[] }[];
  readonly seed: number;
};

export type RotaCount = { readonly person: string; readonly role: string; readonly times: number };

export type Rota = {
  readonly activities: readonly { readonly id: string; readonly holders: readonly RotaHolder[] }[];
  readonly counts: readonly RotaCount[];
  /** Where somebody holds a role again before all have held it once, and where nobody could hold one. */
  readonly bent: readonly Message[];
};

/**
 * Roles of a whole season by turns (`assignRoles` gives out those of one activity): each person holds a role once before anybody holds it twice, as far as groups allow: repeats come as late as
 * any rota can have them. Within that, sides take equal shares in every activity and wishes are honoured.
 *
 * @throws DomainError of kind `invalid` that names what is wrong
 */
export const rotateRoles = (request: RotaRequest): Rota => {
  checkRoles(request);
  const random = seededRandom(request.seed);
  const people = new Map(request.people.map((person) => [person.id, person]));
  const luck = new Map(random.shuffle(request.people.map(({ id }) => id)).map((id, rank) => [id, rank]));
  const taken = new Map(request.activities.map(({ id, held = [] }) => [id, new Set(held.flatMap(({ person }) => (person === null ? [] : [person])))]));
  const holders = new Map(request.activities.map(({ id, held = [] }) => [id, [...held]]));
  const counts: RotaCount[] = [];
  const bent: Message[] = [];
  for (const role of request.roles) {
    const before = timesHeld(request, role);
    const slots = slotsOf(request, role, { people, taken, luck });
    const turns = rotate(slots, before);
    balanceSides(slots, turns, people);
    slots.forEach((slot, index) => {
      const person = turns[index] ?? null;
      holders.get(slot.activity)?.push({ group: slot.group, role, person });
      if (person !== null) taken.get(slot.activity)?.add(person);
    });
    const after = new Map(before);
    for (const person of turns) if (person !== undefined) after.set(person, (after.get(person) ?? 0) + 1);
    bent.push(...explainTurns({ role, slots, turns, before, after }));
    counts.push(...request.people.map(({ id }) => ({ person: id, role, times: after.get(id) ?? 0 })));
  }
  return { activities: request.activities.map(({ id }) => ({ id, holders: holders.get(id) ?? [] })), counts, bent };
};

const timesHeld = ({ activities }: RotaRequest, role: string): Map<string, number> => {
  const times = new Map<string, number>();
  for (const { held = [] } of activities) {
    for (const holder of held) if (holder.role === role && holder.person !== null) times.set(holder.person, (times.get(holder.person) ?? 0) + 1);
  }
  return times;
};

type Known = { readonly people: ReadonlyMap<string, RotaPerson>; readonly taken: ReadonlyMap<string, ReadonlySet<string>>; readonly luck: ReadonlyMap<string, number> };

/** Which side comes first in the group of this number, so that over the groups each side does by its share. */
const sideOfTurn = (all: readonly RotaPerson[], at: number, groups: number): string | undefined => {
  const sorted = all.map(({ side }) => side).sort();
  const step = sorted.length / Math.max(1, groups);
  return sorted[Math.floor(at * step)];
};

const slotsOf = ({ activities }: RotaRequest, role: string, { people, taken, luck }: Known): Slot[] =>
  activities.flatMap(({ id, groups, held = [] }) => {
    const sideOf = ({ person }: Candidate): string | undefined => people.get(person)?.side;
    return groups
      .filter((group) => group.people.length > 0 && !held.some((holder) => holder.group === group.id && holder.role === role))
      .map((group, at): Slot => {
        const turn = sideOfTurn(groups.flatMap((each) => each.people.flatMap((person) => people.get(person) ?? [])), at, groups.length);
        const candidates = group.people
          .flatMap((person): Candidate[] => {
            const known = people.get(person);
            if (!known || known.excludedFrom?.includes(role) || taken.get(id)?.has(person)) return [];
            return [{ person, wished: known.wishes?.includes(role) ?? false }];
          })
          .sort((a, b) => Number(b.wished) - Number(a.wished) || Number(sideOf(b) === turn) - Number(sideOf(a) === turn) || (luck.get(a.person) ?? 0) - (luck.get(b.person) ?? 0));
        return { activity: id, group: group.id, candidates };
      });
  });

type Turns = { readonly role: string; readonly slots: readonly Slot[]; readonly turns: readonly (string | undefined)[]; readonly before: ReadonlyMap<string, number>; readonly after: ReadonlyMap<string, number> };

const explainTurns = ({ role, slots, turns, before, after }: Turns): Message[] => {
  const empty = slots.filter((_, index) => turns[index] === undefined);
  const open = empty.map(({ activity, group }): Message => ({
    code: 'ROLE_OPEN',
    parameters: { role, activity, group },
    sentence: `Nobody in group ${group} of ${activity} may be ${role}: all are excluded or hold another role.`,
  }));
  const could = new Set(slots.flatMap(({ candidates }) => candidates.map(({ person }) => person)));
  const never = [...could].filter((person) => (after.get(person) ?? 0) === 0).sort();
  const again = [...after].filter(([person, times]) => times > 1 && times > (before.get(person) ?? 0)).map(([person]) => person).sort();
  if (never.length === 0 || again.length === 0) return open;
  return [
    ...open,
    {
      code: 'ROLE_TWICE_BEFORE_ALL',
      parameters: { role, again, never },
      sentence: `${listed(again)} ${again.length === 1 ? 'is' : 'are'} ${role} more than once while ${listed(never)} never ${never.length === 1 ? 'is' : 'are'}: in their groups no exchange of turns gives ${never.length === 1 ? 'them' : 'all of them'} one.`,
    },
  ];
};

const checkRoles = ({ people, roles, activities }: RotaRequest): void => {
  const refusals: Refusal[] = [];
  const refuse = (path: readonly (string | number)[], code: string, message: string): number => refusals.push({ code, message, path: path.map(String) });
  const ids = new Set(people.map(({ id }) => id));
  if (ids.size !== people.length) refuse(['people'], 'PERSON_TWICE', 'people names somebody twice; each person once.');
  if (roles.length === 0) refuse(['roles'], 'ROLES_MISSING', 'roles is empty; give at least one, as leader.');
  if (new Set(roles).size !== roles.length) refuse(['roles'], 'ROLE_TWICE', 'roles names one twice; each once.');
  activities.forEach(({ groups }, index) => {
    for (const person of groups.flatMap((group) => group.people)) {
      if (!ids.has(person)) refuse(['activities', index, 'groups'], 'PERSON_UNKNOWN', `${person} is in a group but not in people; take them out or add them.`);
    }
  });
  throwIfRefused(refusals);
};
