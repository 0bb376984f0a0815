import { type FormedGroup, type GroupSpec, regroup as regroupPeople, type Regrouped } from '@common-ground/grouping';
import type { Refusal } from '@common-ground/kernel';
import { bentOf, groupsFor, measuresOf, plannedGroups, requestFor } from './asking.js';
import { refuseUnknown, sizesOf } from './expected.js';
import { type Known, type Refused, refusedFor } from './forming.js';
import { groupRefusals } from './group-plan.errors.js';
import { EXPECTED_AT_MOST, type GroupPlan, type KnownPeople, type KnownPerson, type PlannedGroup, type PlanStep } from './group-plan.js';
import { timesMet } from './history.js';

export type Moving = { readonly participantId: string; readonly toGroup: string };
export type Regrouping = { readonly missingIds: readonly string[]; readonly unannouncedIds: readonly string[] };

const namesOf = ({ groups }: GroupPlan): readonly string[] => groups.map(({ name }) => name);
const peopleIn = ({ groups }: GroupPlan): readonly string[] => groups.flatMap(({ participantIds }) => participantIds);
const currentOf = ({ groups }: GroupPlan): readonly FormedGroup[] => groups.map(({ name, participantIds }) => ({ id: name, people: participantIds }));
const known = (ids: readonly string[], people: KnownPeople): readonly KnownPerson[] => ids.flatMap((id) => people.get(id) ?? []);

/** One person into another group by hand; everybody else stays where they are. What must never be is refused, the rest is said. */
export const moveParticipant = (current: GroupPlan, { participantId, toGroup }: Moving, { people, happened, now }: Known): GroupPlan | Refused => {
  const from = current.groups.find(({ participantIds }) => participantIds.includes(participantId));
  const to = current.groups.find(({ name }) => name === toGroup);
  const { max } = sizesOf(current.drawn.rules);
  const wrong = refusedFor([
    ...refuseUnknown([participantId], current.interventionId, people).map((refusal): Refusal => ({ ...refusal, path: ['participantId'] })),
    ...(to ? [] : [groupRefusals.groupUnknown(namesOf(current))]),
  ]);
  if (wrong || !to) return wrong ?? { refusals: [groupRefusals.groupUnknown(namesOf(current))] };
  if (!from) return { refusals: [groupRefusals.notInPlan('participantId')] };
  if (from === to) return current;
  if (to.participantIds.length >= max) return { refusals: [groupRefusals.groupFull(max)] };
  const expected = known(peopleIn(current), people);
  const specs = namesOf(current).map((id): GroupSpec => ({ id, min: 0, max }));
  const request = requestFor(expected, specs, current.drawn.rules, timesMet(happened, new Set(expected.map(({ id }) => id))));
  const placed = current.groups.flatMap(({ name, participantIds }) => participantIds.map((person) => ({ person, group: person === participantId ? toGroup : name })));
  const moved = regroupPeople({ ...request, current: currentOf(current), rules: { ...request.rules, placed } }, { seed: current.drawn.seed });
  if (moved.outcome === 'infeasible') return { refusals: [{ code: moved.message.code, message: moved.message.sentence, path: ['toGroup'] }] };
  return planAfter(current, moved, 'moved', people, now);
};

/** On the spot: those who are missing leave, those who came unannounced are brought in, and as few others as possible move. */
export const regroup = (current: GroupPlan, { missingIds, unannouncedIds }: Regrouping, { people, happened, now }: Known): { readonly plan: GroupPlan; readonly movedIds: readonly string[] } | Refused => {
  const planned = new Set(peopleIn(current));
  const wrong = refusedFor([
    ...refuseUnknown(missingIds, current.interventionId, people, 'missingIds'),
    ...refuseUnknown(unannouncedIds, current.interventionId, people, 'unannouncedIds'),
    ...missingIds.flatMap((id, index) => (planned.has(id) ? [] : [groupRefusals.notInPlan('missingIds', String(index))])),
    ...unannouncedIds.flatMap((id, index) => (planned.has(id) ? [groupRefusals.inPlan('unannouncedIds', String(index))] : [])),
  ]);
  if (wrong) return wrong;
  const here = known([...planned].filter((id) => !missingIds.includes(id)).concat(unannouncedIds), people);
  if (here.length === 0) return { refusals: [{ ...groupRefusals.nobodyExpected(), path: ['missingIds'] }] };
  if (here.length > EXPECTED_AT_MOST) return { refusals: [{ ...groupRefusals.tooMany(here.length, EXPECTED_AT_MOST), path: ['unannouncedIds'] }] };
  const specs = groupsOnTheSpot(current, here.length);
  const request = requestFor(here, specs, current.drawn.rules, timesMet(happened, new Set(here.map(({ id }) => id))));
  const drawn = regroupPeople({ ...request, current: currentOf(current) }, { seed: current.drawn.seed });
  if (drawn.outcome === 'infeasible') return { refusals: [{ code: drawn.message.code, message: drawn.message.sentence, path: ['missingIds'] }] };
  if (missingIds.length + unannouncedIds.length + drawn.moves.length === 0) return { plan: current, movedIds: [] };
  return { plan: planAfter(current, drawn, 'regrouped', people, now), movedIds: drawn.moves.map(({ person }) => person).sort() };
};

/** The groups that stand, the fullest first, as many as are needed; sizes give way to who is there. */
const groupsOnTheSpot = (current: GroupPlan, count: number): readonly GroupSpec[] => {
  const { min, max } = sizesOf(current.drawn.rules);
  const standing = [...current.groups].sort((left, right) => right.participantIds.length - left.participantIds.length).map(({ name }) => name);
  const fewest = groupsFor(count, current.drawn.rules)?.length ?? Math.ceil(count / max);
  const names = standing.slice(0, Math.max(fewest, Math.min(standing.length, Math.floor(count / min))));
  while (names.length < fewest) names.push(nextName(names));
  const least = Math.min(min, Math.floor(count / names.length));
  return names.map((id) => ({ id, min: least, max: Math.max(max, Math.ceil(count / names.length)) }));
};

const nextName = (names: readonly string[]): string => {
  let number = names.length + 1;
  while (names.includes(String(number))) number += 1;
  return String(number);
};

/** Roles and facilitators stay with groups, as far as their people do. */
const planAfter = (current: GroupPlan, { groups, objective, bent, run }: Regrouped, by: PlanStep, people: KnownPeople, now: Date): GroupPlan => {
  const before = new Map(current.groups.map((group) => [group.name, group]));
  return {
    ...current,
    groups: plannedGroups(groups, people).map((group): PlannedGroup => {
      const known = before.get(group.name);
      return { ...group, facilitator: known?.facilitator ?? '', roles: (known?.roles ?? []).filter(({ participantId }) => group.participantIds.includes(participantId)) };
    }),
    drawn: { ...current.drawn, steps: run.steps, by, measures: measuresOf(objective), bent: bentOf(bent) },
    formedAt: now,
    version: current.version + 1,
  };
};
