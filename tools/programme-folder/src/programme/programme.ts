/** A programme folder as read and found sound, before anything is compared with the platform. `line` says where it came from. */
type Located = { readonly line: number };

export type MissionRow = Located & { readonly mission: string; readonly name: string; readonly country: string; readonly timeZone: string; readonly languages: readonly string[] };
export type InterventionRow = Located & {
  readonly intervention: string;
  readonly mission: string;
  readonly title: string;
  readonly kind: string;
  readonly modalities: readonly string[];
  readonly startsOn: string;
  readonly endsOn: string;
  readonly aim: string;
  readonly design: string;
  readonly assignmentUnit: string;
  readonly sides: readonly string[];
};
export type ParticipantRow = Located & {
  readonly participant: string;
  readonly intervention: string;
  readonly side: string;
  readonly arm: string;
  readonly cluster: string;
  readonly stratum: string;
  readonly ageBand: string;
  readonly gender: string;
  readonly languages: readonly string[];
  readonly priorContact: string;
};
export type ConditionsRow = { readonly equalStatus: number; readonly commonGoal: number; readonly cooperation: number; readonly supportOfAuthorities: number };
export type ActivityRow = Located & {
  readonly activity: string;
  readonly intervention: string;
  readonly title: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly place: string;
  readonly cluster: string;
  readonly status: string;
  readonly reason: string;
  readonly conditions: ConditionsRow;
};
export type AttendanceRow = Located & { readonly activity: string; readonly participant: string; readonly status: string; readonly group: string };
export type ItemRow = Located & {
  readonly instrument: string;
  readonly item: string;
  readonly text: string;
  readonly scale: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly higherIs: string;
  readonly primary: boolean;
};
export type RoundRow = Located & {
  readonly round: string;
  readonly intervention: string;
  readonly instrument: string;
  readonly wave: string;
  readonly level: string;
  readonly population: string;
  readonly opensOn: string;
  readonly closesOn: string;
};
export type ResponseRow = Located & { readonly round: string; readonly participant: string; readonly item: string; readonly value: number };

export type Programme = {
  readonly missions: readonly MissionRow[];
  readonly interventions: readonly InterventionRow[];
  readonly participants: readonly ParticipantRow[];
  readonly activities: readonly ActivityRow[];
  readonly attendance: readonly AttendanceRow[];
  readonly items: readonly ItemRow[];
  readonly rounds: readonly RoundRow[];
  readonly responses: readonly ResponseRow[];
};
