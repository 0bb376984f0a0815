import type { Transaction } from '@common-ground/persistence';

/** Of one month, or with month '' of the whole time. */
export type MixingRow = {
  readonly intervention_id: string;
  readonly month: string;
  readonly activities: number;
  readonly groups: number;
  readonly cross_pairs: number;
  readonly expected_pairs: number;
  readonly one_sided: number;
  readonly expected_one_sided: number;
  readonly lone: number;
  readonly expected_lone: number;
  readonly pairs_met: number;
};
export type SideMonthRow = { readonly intervention_id: string; readonly month: string; readonly side: string; readonly people: number; readonly leads: number; readonly roles: number };
export type MixingParts = { readonly figures: readonly MixingRow[]; readonly sides: readonly SideMonthRow[] };

/** Costs the interventions and months asked for, not the activities ever held. */
export const findMixing = async (tx: Transaction, model: number, ids: readonly string[]): Promise<MixingParts> => ({
  figures: await tx.query<MixingRow>(
    `SELECT intervention_id, month, activities, groups, cross_pairs, expected_pairs, one_sided, expected_one_sided, lone, expected_lone, pairs_met
     FROM portfolio_mixing WHERE model = $1 AND intervention_id = ANY ($2::uuid[]) ORDER BY intervention_id, month`,
    [model, ids],
  ),
  sides: await tx.query<SideMonthRow>('SELECT intervention_id, month, side, people, leads, roles FROM portfolio_side_month WHERE model = $1 AND intervention_id = ANY ($2::uuid[]) ORDER BY intervention_id, month, side', [model, ids]),
});
