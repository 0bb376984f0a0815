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

export type DemonstrationTeam = {
  /** The one intervention that the facilitator runs; without it there is no facilitator. */
  readonly facilitates?: { readonly mission: string; readonly interventionId: string };
  readonly missions?: readonly string[];
};

/** The demonstration missions, and one to import programmes of one's own into. */
export const DEMONSTRATION_MISSIONS = ['PE', 'TR', 'DO', 'US'] as const;

/** One user a role; a mission officer for each mission (`mission-officer-pe` and so on); the facilitator is bound to one intervention. */
export const demonstrationUsers = ({ facilitates, missions = DEMONSTRATION_MISSIONS }: DemonstrationTeam): readonly DemonstrationUser[] => [
  user('administrator', ['administrator']),
  user('hq-analyst', ['hq-analyst']),
  user('monitoring-officer', ['monitoring-officer']),
  ...missions.map((mission) => user(`mission-officer-${mission.toLowerCase()}`, ['mission-officer'], [mission])),
  ...(facilitates ? [user('facilitator', ['facilitator'], [facilitates.mission], [facilitates.interventionId])] : []),
];
