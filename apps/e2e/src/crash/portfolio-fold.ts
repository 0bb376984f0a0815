import { decodeFact, Facts, type registry, type scheduling } from '@common-ground/contracts';

/** Figures by name: `month <intervention> <month>` and `reach <intervention> <side>`. */
export type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;
export type Folded = { readonly type: string; readonly subject: string; readonly data: Uint8Array };

type Activity = { interventionId: string; month: string; status: 'planned' | 'held' | 'cancelled'; cooperation: number; equalStatus: number; present: ReadonlyMap<string, string> };
const NOBODY: ReadonlyMap<string, string> = new Map();

/**
 * The portfolio's figures as plain counting gives them: a second opinion on the projection, which counts in SQL and bit by bit.
 * Facts come in the order of each aggregate.
 */
export const foldPortfolio = (facts: readonly Folded[]): Figures => {
  const activities = new Map<string, Activity>();
  const enrolled = new Map<string, { interventionId: string; side: string }>();
  for (const { type, subject, data } of facts) {
    if (type === Facts.ParticipantEnrolled.type) enrolled.set(subject, decodeFact(type, data) as registry.ParticipantEnrolled);
    else activities.set(subject, become(type, decodeFact(type, data)));
  }
  return { ...countMonths([...activities.values()]), ...countReach([...activities.values()], [...enrolled.values()]) };
};

const become = (type: string, data: unknown): Activity => {
  const { interventionId, month } = data as scheduling.ActivityPlanned;
  const plain = { interventionId, month, cooperation: 0, equalStatus: 0, present: NOBODY };
  switch (type) {
    case Facts.ActivityPlanned.type:
      return { ...plain, status: 'planned' };
    case Facts.ActivityCancelled.type:
      return { ...plain, status: 'cancelled' };
    case Facts.ActivityHeld.type:
    case Facts.ActivityCorrected.type: {
      const { roster, conditions } = data as scheduling.ActivityHeld;
      return { interventionId, month, status: 'held', cooperation: conditions?.cooperation ?? 0, equalStatus: conditions?.equalStatus ?? 0, present: new Map(roster.map(({ participantId, side }) => [participantId, side])) };
    }
    default:
      throw new Error(`nothing here counts ${type}`);
  }
};

const countMonths = (activities: readonly Activity[]): Figures => {
  const months: Record<string, Record<string, number>> = {};
  for (const { interventionId, month, status, cooperation, equalStatus } of activities) {
    const row = (months[`month ${interventionId} ${month}`] ??= { planned: 0, held: 0, cancelled: 0, cooperation: 0, cooperationOf: 0, equalStatus: 0 });
    const add = (name: string, figure: number): void => void (row[name] = (row[name] ?? 0) + figure);
    add('planned', status === 'cancelled' ? 0 : 1);
    add('held', status === 'held' ? 1 : 0);
    add('cancelled', status === 'cancelled' ? 1 : 0);
    add('cooperation', cooperation);
    add('cooperationOf', cooperation > 0 ? 1 : 0);
    add('equalStatus', equalStatus);
  }
  return months;
};

const countReach = (activities: readonly Activity[], enrolled: readonly { interventionId: string; side: string }[]): Figures => {
  const reach: Record<string, { enrolled: number; reached: number }> = {};
  const rowOf = (interventionId: string, side: string) => (reach[`reach ${interventionId} ${side}`] ??= { enrolled: 0, reached: 0 });
  for (const { interventionId, side } of enrolled) rowOf(interventionId, side).enrolled += 1;
  const seen = new Set<string>();
  for (const { interventionId, present } of activities) {
    for (const [participantId, side] of present) {
      const once = `${interventionId}/${side}/${participantId}`;
      if (!seen.has(once)) rowOf(interventionId, side).reached += 1;
      seen.add(once);
    }
  }
  return reach;
};
