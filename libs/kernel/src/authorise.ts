import { DomainError } from './domain-error.js';
import { type Caller, hasRole, type Role } from './scope.js';

/** @throws DomainError ROLE_MISSING when the caller has none of these roles */
export const requireRole = (caller: Caller, ...roles: readonly Role[]): void => {
  if (!hasRole(caller, ...roles))
    throw new DomainError('forbidden', 'ROLE_MISSING', `This takes the role ${roles.join(' or ')}; ask an administrator for it.`);
};
