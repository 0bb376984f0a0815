import { Facts, type risk } from '@common-ground/contracts';
import type { DeliveredFact } from '@common-ground/messaging';
import type { Transaction } from '@common-ground/persistence';
import { gathered, type Fold } from './projection.js';

/** The status that each fact but RiskFlagged, which states it, moves a flag to. */
const MOVES: Readonly<Record<string, string>> = { [Facts.RiskAcknowledged.type]: 'acknowledged', [Facts.RiskResolved.type]: 'resolved', [Facts.RiskDismissed.type]: 'dismissed' };

/** What was said of a flag: how it was raised, if it was, and what it is now. */
type Told = { readonly flagId: string; readonly status: string; readonly raised?: Pick<risk.RiskFlagged, 'interventionId' | 'mission' | 'rule' | 'severity'> | undefined };

const tell = (before: Told | undefined, { type, data }: DeliveredFact): Told => {
  const moved = MOVES[type];
  if (moved !== undefined) return { ...before, flagId: (data as { readonly flagId: string }).flagId, status: moved };
  const fact = data as risk.RiskFlagged;
  return { flagId: fact.flagId, status: fact.status, raised: { ...(before?.raised ?? fact), severity: fact.severity } };
};

const raise = async (tx: Transaction, model: number, flags: readonly Told[]): Promise<void> => {
  if (flags.length === 0) return;
  await tx.query(
    `INSERT INTO portfolio_flag (model, flag_id, intervention_id, mission, rule, status, severity)
     SELECT $1, * FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::integer[])
     ON CONFLICT (model, flag_id) DO UPDATE SET status = excluded.status, severity = excluded.severity`,
    [model, flags.map(({ flagId }) => flagId), flags.map(({ raised }) => raised?.interventionId || null), flags.map(({ raised }) => raised?.mission), flags.map(({ raised }) => raised?.rule), flags.map(({ status }) => status), flags.map(({ raised }) => raised?.severity)],
  );
};

const move = async (tx: Transaction, model: number, flags: readonly Told[]): Promise<void> => {
  if (flags.length === 0) return;
  await tx.query(
    `UPDATE portfolio_flag SET status = moved.status FROM unnest($2::uuid[], $3::text[]) AS moved (flag_id, status)
     WHERE model = $1 AND portfolio_flag.flag_id = moved.flag_id`,
    [model, flags.map(({ flagId }) => flagId), flags.map(({ status }) => status)],
  );
};

export const riskFold: Fold = {
  types: [Facts.RiskFlagged.type, ...Object.keys(MOVES)],
  apply: async (tx, model, facts) => {
    const told = [...gathered(facts, ({ data }) => (data as { readonly flagId: string }).flagId, tell).values()];
    await raise(tx, model, told.filter(({ raised }) => raised));
    await move(tx, model, told.filter(({ raised }) => !raised));
  },
};
