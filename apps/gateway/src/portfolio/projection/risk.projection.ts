import { Facts, type risk } from '@common-ground/contracts';
import type { FactContext } from '@common-ground/messaging';
import { on, type Projection } from './projection.js';

type Moved = { readonly flagId: string };

const move =
  (status: string) =>
  async (model: number, { flagId }: Moved, { tx }: FactContext): Promise<void> => {
    await tx.query('UPDATE portfolio_flag SET status = $3 WHERE model = $1 AND flag_id = $2', [model, flagId, status]);
  };

export const riskProjection: Projection = [
  on<risk.RiskFlagged>(Facts.RiskFlagged, async (model, fact, { tx }) => {
    await tx.query(
      `INSERT INTO portfolio_flag (model, flag_id, intervention_id, mission, rule, status, severity) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (model, flag_id) DO UPDATE SET status = excluded.status, severity = excluded.severity`,
      [model, fact.flagId, fact.interventionId || null, fact.mission, fact.rule, fact.status, fact.severity],
    );
  }),
  on<risk.RiskAcknowledged>(Facts.RiskAcknowledged, move('acknowledged')),
  on<risk.RiskResolved>(Facts.RiskResolved, move('resolved')),
  on<risk.RiskDismissed>(Facts.RiskDismissed, move('dismissed')),
];
