import type { Role } from '@common-ground/kernel';

/** Someone who can sign in to the embedded provider. Names are of roles, not of people. */
export type DemonstrationUser = {
  readonly username: string;
  readonly password: string;
  readonly roles: readonly Role[];
  readonly missions: readonly string[];
  readonly interventions: readonly string[];
};

const user = (username: string, roles: readonly Role[], missions: readonly string[] = [], interventions: readonly string[] = []): DemonstrationUser => ({
  username,
  password: `${username}-demo`,
  roles,
  missions,
  interventions,
});

/** One user a role; a mission officer for each mission; the facilitator is bound to one intervention. */
export const demonstrationUsers = (facilitates: { readonly mission: string; readonly interventionId: string }): readonly DemonstrationUser[] => [
  user('administrator', ['administrator']),
  user('hq-analyst', ['hq-analyst']),
  user('monitoring-officer', ['monitoring-officer']),
  user('mission-officer-pe', ['mission-officer'], ['PE']),
  user('mission-officer-tr', ['mission-officer'], ['TR']),
  user('mission-officer-do', ['mission-officer'], ['DO']),
  user('facilitator', ['facilitator'], [facilitates.mission], [facilitates.interventionId]),
];
