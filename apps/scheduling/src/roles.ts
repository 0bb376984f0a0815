import { type Caller, hasRole, type Role, ROLES } from '@common-ground/kernel';

/** Who may do what here; asked at the door and again in each use case, with row-level security underneath. */
export const MAY_PLAN: readonly Role[] = ['administrator', 'mission-officer'];
/** Facilitators say what became of the activities of their own interventions. */
export const MAY_RECORD: readonly Role[] = ['administrator', 'mission-officer', 'facilitator'];
export const MAY_READ: readonly Role[] = ROLES;

/** Headquarters and monitoring staff never see who was there, only how many of each side. */
export const seesRosters = (caller: Caller): boolean => hasRole(caller, 'administrator') || (caller.scope.missions !== '*' && hasRole(caller, 'mission-officer', 'facilitator'));

/** Where people stand by id, as in rosters, groups and pairings. */
export const MAY_SEE_PEOPLE: readonly Role[] = MAY_RECORD;
