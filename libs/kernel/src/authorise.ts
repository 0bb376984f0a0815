import { DomainError } from './domain-error.js';
import { type Caller, hasRole, type Role } from './scope.js';

const BOUND_TO_MISSIONS: readonly Role[] = ['mission-officer', 'facilitator'];

/**
 * A role that is bound to missions counts within them only: who is an analyst of everything and an officer of one mission
 * has a scope of everything, and must not act as an officer everywhere by it.
 */
const counts = (caller: Caller, role: Role): boolean => hasRole(caller, role) && !(BOUND_TO_MISSIONS.includes(role) && caller.scope.missions === '*');

/** @throws DomainError ROLE_MISSING when the caller has none of these roles */
export const requireRole = (caller: Caller, ...roles: readonly Role[]): void => {
  if (!roles.some((role) => counts(caller, role)))
    throw new DomainError('forbidden', 'ROLE_MISSING', `This takes the role ${roles.join(' or ')}, held by itself; ask an administrator for it.`);
};
