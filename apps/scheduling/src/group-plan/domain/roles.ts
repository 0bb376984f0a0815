import { assignRoles as rolesFor, type RoleHistory } from '@common-ground/grouping';
import { type Refusal, refusalsAmong, refuseOneOf, refuseText } from '@common-ground/kernel';
import { refuseUnknown } from './expected.js';
import { type Known, type Refused, refusedFor } from './forming.js';
import { groupRefusals } from './group-plan.errors.js';
import { type BentRule, type GroupPlan, type GroupRole, sameGroups, USUAL_ROLES } from './group-plan.js';
import type { Happened } from './history.js';

export const ROLES_AT_MOST = 6;
export const WISHES = ['wishes', 'excluded'] as const;
const ROLE_LENGTH = 40;

export type RoleWish = { readonly participantId: string; readonly role: string; readonly wish: string };
export type RoleRequest = { readonly roles: readonly string[]; readonly wishes: readonly RoleWish[] };

const refuseRoles = (roles: readonly string[]): Refusal[] => {
  if (roles.length > ROLES_AT_MOST) return [groupRefusals.rolesTooMany(roles.length, ROLES_AT_MOST)];
  return roles.flatMap((role, index) => refusalsAmong(refuseText(['roles', String(index)], role, { min: 1, max: ROLE_LENGTH }), roles.indexOf(role) < index && groupRefusals.roleTwice(index)));
};

const refuseWishes = (wishes: readonly RoleWish[], roles: readonly string[], { interventionId }: GroupPlan, { people }: Known): Refusal[] =>
  wishes.flatMap(({ participantId, role, wish }, index) => {
    const path = ['wishes', String(index)];
    return [
      ...refuseUnknown([participantId], interventionId, people).map((refusal): Refusal => ({ ...refusal, path: [...path, 'participantId'] })),
      ...refusalsAmong(refuseOneOf([...path, 'role'], role, roles), refuseOneOf([...path, 'wish'], wish, WISHES)),
    ];
  });

/** Roles at activities that were held, by whoever was in a group there; plans of what did not happen do not count. */
const historyOf = (happened: readonly Happened[]): readonly RoleHistory[] =>
  happened.flatMap(({ groups, roles }) => {
    const there = new Set(groups.flatMap(({ participantIds }) => participantIds));
    return roles.filter(({ participantId }) => there.has(participantId)).map(({ participantId: person, role }): RoleHistory => ({ person, role, times: 1 }));
  });

/** Roles in every group; the same again changes nothing. */
export const assignRoles = (current: GroupPlan, said: RoleRequest, known: Known): GroupPlan | Refused => {
  const roles = said.roles.length > 0 ? said.roles : USUAL_ROLES;
  const wrong = refusedFor([...refuseRoles(said.roles), ...refuseWishes(said.wishes, roles, current, known)]);
  if (wrong) return wrong;
  const claims = (kind: string) => said.wishes.filter(({ wish }) => wish === kind).map(({ participantId: person, role }) => ({ person, role }));
  const { assignments, unfilled } = rolesFor({
    groups: current.groups.map(({ name: id, participantIds }) => ({ id, people: participantIds.map((person) => ({ id: person, side: known.people.get(person)?.side ?? '' })) })),
    roles,
    history: historyOf(known.happened),
    wishes: claims('wishes'),
    exclusions: claims('excluded'),
    seed: current.drawn.seed,
  });
  const groups = current.groups.map((group) => ({
    ...group,
    roles: assignments.filter((one) => one.group === group.name).map(({ role, person, side }): GroupRole => ({ role, participantId: person, side })),
  }));
  if (sameGroups(groups, current.groups)) return current;
  const bent = unfilled.map(({ group, role, because }): BentRule => ({ rule: 'role-unfilled', group, participantIds: [], because: because === 'all-excluded' ? `Nobody in group ${group} may be ${role}.` : `Everybody in group ${group} has another role than ${role}.` }));
  return { ...current, groups, drawn: { ...current.drawn, by: 'roles', bent: [...current.drawn.bent.filter(({ rule }) => rule !== 'role-unfilled'), ...bent] }, formedAt: known.now, version: current.version + 1 };
};
