import { describe, expect, it } from '@jest/globals';
import { type Caller, EVERYTHING, requireRole } from './index.js';

const inLima = { missions: ['PE'], interventions: '*' } as const;
const caller = (roles: Caller['roles'], scope: Caller['scope']): Caller => ({ subject: 's', roles, scope });

describe('requiring a role', () => {
  it('lets in who holds one of them', () => {
    expect(() => requireRole(caller(['mission-officer'], inLima), 'administrator', 'mission-officer')).not.toThrow();
    expect(() => requireRole(caller(['administrator', 'mission-officer'], EVERYTHING), 'administrator')).not.toThrow();
  });

  it('refuses who holds none', () => {
    expect(() => requireRole(caller([], inLima), 'administrator')).toThrow('administrator');
    expect(() => requireRole(caller(['hq-analyst'], EVERYTHING), 'mission-officer')).toThrow('mission-officer');
  });

  it('does not let a role of one mission reach everywhere by way of another role', () => {
    expect(() => requireRole(caller(['hq-analyst', 'mission-officer'], EVERYTHING), 'mission-officer')).toThrow('mission-officer');
  });
});
