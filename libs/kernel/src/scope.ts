/** The five roles; the first three are not bound to missions. */
export const ROLES = ['administrator', 'hq-analyst', 'monitoring-officer', 'mission-officer', 'facilitator'] as const;
export type Role = (typeof ROLES)[number];

/**
 * Which rows a piece of work may touch. `'*'` is everything, an empty list nothing.
 * PostgreSQL row-level security enforces it underneath every query.
 */
export type Scope = {
  readonly missions: '*' | readonly string[];
  readonly interventions: '*' | readonly string[];
};

export const EVERYTHING: Scope = { missions: '*', interventions: '*' };
export const NOTHING: Scope = { missions: [], interventions: [] };

/** Who is asking, as the verified token says. `subject` is the provider's opaque id, never a name. */
export type Caller = {
  readonly subject: string;
  readonly roles: readonly Role[];
  readonly scope: Scope;
};

export const hasRole = (caller: Caller, ...roles: readonly Role[]): boolean =>
  caller.roles.some((role) => roles.includes(role));

export const seesMission = (scope: Scope, mission: string): boolean =>
  scope.missions === '*' || scope.missions.includes(mission);
