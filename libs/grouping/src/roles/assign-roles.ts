import { bestAssignment } from '../pairing/assignment.js';
import { seededRandom } from '../random.js';

export type RoleMember = { readonly id: string; readonly side: string };
export type RoleGroup = { readonly id: string; readonly people: readonly RoleMember[] };
/** How often somebody had a role at earlier activities. */
export type RoleHistory = { readonly person: string; readonly role: string; readonly times: number };
export type RoleClaim = { readonly person: string; readonly role: string };

export type RolesRequest = {
  readonly groups: readonly RoleGroup[];
  /** In order of weight: the first is given out first. Each group has each of them once. */
  readonly roles: readonly string[];
  readonly history?: readonly RoleHistory[];
  /** Honoured among those whose turn it is. */
  readonly wishes?: readonly RoleClaim[];
  /** Never given. */
  readonly exclusions?: readonly RoleClaim[];
  /** Decides between equals. */
  readonly seed: number;
};

export type RoleAssignment = { readonly group: string; readonly role: string; readonly person: string; readonly side: string };
/** `nobody-left`: everyone in the group has another role; `all-excluded`: nobody in it may have this one. */
export type RoleUnfilled = { readonly group: string; readonly role: string; readonly because: 'nobody-left' | 'all-excluded' };
/** People of a side who have a role, and how many would have it in proportion to who is there. */
export type RoleBalance = { readonly role: string; readonly side: string; readonly count: number; readonly share: number };

export type RolesResult = {
  readonly assignments: readonly RoleAssignment[];
  readonly unfilled: readonly RoleUnfilled[];
  readonly balance: readonly RoleBalance[];
};

/**
 * Roles for the groups of one activity. In every group a role goes to somebody who had it least often, so that each leads once
 * before anybody leads twice; among them sides are balanced over the groups, in proportion to who is there; among those, wishes count,
 * then who had fewest roles of any kind. Nobody has two roles at once while others have none.
 *
 * @throws RangeError naming a person who is in two groups, or a role given twice or empty
 */
export const assignRoles = (request: RolesRequest): RolesResult => {
  const { groups, roles, history = [] } = request;
  check(request);
  const had = new Map<string, number>();
  for (const { person, role, times } of history) for (const key of [`${role} ${person}`, `* ${person}`]) had.set(key, (had.get(key) ?? 0) + times);
  const order = new Map(seededRandom(request.seed).shuffle(groups.flatMap(({ people }) => people.map(({ id }) => id))).map((id, rank) => [id, rank]));
  const busy = new Set<string>();
  const assignments: RoleAssignment[] = [];
  const unfilled: RoleUnfilled[] = [];
  for (const role of roles) {
    const given = giveOut(role, request, { had, busy, order });
    assignments.push(...given.assignments);
    unfilled.push(...given.unfilled);
    for (const { person } of given.assignments) busy.add(person);
  }
  return { assignments, unfilled, balance: roles.flatMap((role) => balanceOf(role, groups, assignments)) };
};

type Standing = { readonly had: ReadonlyMap<string, number>; readonly busy: ReadonlySet<string>; readonly order: ReadonlyMap<string, number> };
type Given = { readonly assignments: readonly RoleAssignment[]; readonly unfilled: readonly RoleUnfilled[] };

const giveOut = (role: string, request: RolesRequest, standing: Standing): Given => {
  const turns = request.groups.map((group) => ({ group, ...turnIn(group, role, request, standing) }));
  const open = turns.filter(({ candidates }) => candidates.length > 0);
  // A place a side for as many groups as its share of people; places are handed to groups where its candidates fit best.
  const places = quotas(request.groups, open.length).flatMap(({ side, count }) => Array.from({ length: count }, () => side));
  const best = (candidates: readonly RoleMember[], side?: string): RoleMember | undefined => candidates.find((one) => side === undefined || one.side === side);
  const scores = open.map(({ candidates }) => places.map((side) => (best(candidates, side) ? 1 - candidates.indexOf(best(candidates, side) as RoleMember) / (candidates.length + 1) : undefined)));
  const side = new Map(bestAssignment(scores).map(({ row, column }) => [row, places[column]]));
  return {
    assignments: open.map(({ group, candidates }, row) => {
      const person = best(candidates, side.get(row)) as RoleMember;
      return { group: group.id, role, person: person.id, side: person.side };
    }),
    unfilled: turns.flatMap(({ group, candidates, because }) => (candidates.length > 0 ? [] : [{ group: group.id, role, because }])),
  };
};

/** Those whose turn it is, those first whom it suits best. */
const turnIn = ({ people }: RoleGroup, role: string, { wishes = [], exclusions = [] }: RolesRequest, { had, busy, order }: Standing) => {
  const claims = (list: readonly RoleClaim[], { id }: RoleMember): boolean => list.some((one) => one.person === id && one.role === role);
  const times = ({ id }: RoleMember): number => had.get(`${role} ${id}`) ?? 0;
  const allowed = people.filter((one) => !claims(exclusions, one));
  const free = allowed.filter(({ id }) => !busy.has(id));
  const least = Math.min(...free.map(times));
  const suits = (one: RoleMember): readonly number[] => [claims(wishes, one) ? 0 : 1, had.get(`* ${one.id}`) ?? 0, order.get(one.id) ?? 0];
  const candidates = free.filter((one) => times(one) === least).sort((left, right) => compare(suits(left), suits(right)));
  const because: RoleUnfilled['because'] = allowed.length === 0 ? 'all-excluded' : 'nobody-left';
  return { candidates, because };
};

const compare = (left: readonly number[], right: readonly number[]): number => {
  const at = left.findIndex((value, index) => value !== right[index]);
  return at < 0 ? 0 : (left[at] as number) - (right[at] as number);
};

const countsOf = (groups: readonly RoleGroup[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { people } of groups) for (const { side } of people) counts.set(side, (counts.get(side) ?? 0) + 1);
  return new Map([...counts].sort(([left], [right]) => (left < right ? -1 : 1)));
};

/** Whole places in proportion to people, by largest remainder (Hamilton). */
const quotas = (groups: readonly RoleGroup[], places: number): readonly { readonly side: string; readonly count: number }[] => {
  const counts = countsOf(groups);
  const people = [...counts.values()].reduce((all, count) => all + count, 0);
  const exact = [...counts].map(([side, count]) => ({ side, exact: people === 0 ? 0 : (places * count) / people }));
  const given = exact.map(({ side, exact: share }) => ({ side, count: Math.floor(share), left: share - Math.floor(share) }));
  const rest = places - given.reduce((all, { count }) => all + count, 0);
  const first = new Set([...given].sort((left, right) => right.left - left.left).slice(0, Math.max(0, rest)).map(({ side }) => side));
  return given.map(({ side, count }) => ({ side, count: count + (first.has(side) ? 1 : 0) }));
};

const balanceOf = (role: string, groups: readonly RoleGroup[], assignments: readonly RoleAssignment[]): readonly RoleBalance[] => {
  const counts = countsOf(groups);
  const people = [...counts.values()].reduce((all, count) => all + count, 0);
  const given = assignments.filter((one) => one.role === role);
  return [...counts].map(([side, count]) => ({ role, side, count: given.filter((one) => one.side === side).length, share: (given.length * count) / people }));
};

const check = ({ groups, roles }: RolesRequest): void => {
  const seen = new Set<string>();
  groups.forEach(({ id: group, people }) => {
    for (const { id } of people) {
      if (seen.has(id)) throw new RangeError(`groups: ${id} is in two groups, the second of them ${group}`);
      seen.add(id);
    }
  });
  roles.forEach((role, index) => {
    if (role === '') throw new RangeError(`roles[${index}] is empty`);
    if (roles.indexOf(role) < index) throw new RangeError(`roles[${index}]: ${role} is given twice`);
  });
};
