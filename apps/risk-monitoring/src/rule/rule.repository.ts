import type { Transaction } from '@common-ground/persistence';
import { effectiveRule, type Rule, type RuleCode, type RuleOverride } from './domain/rule.js';

type RuleRow = Omit<Rule, 'mission'> & { readonly ownEnabled: boolean | null; readonly ownThresholds: Record<string, number> | null };

/** Every rule as it holds in a mission; an empty mission asks for the organisation's defaults. */
export const getRules = async (tx: Transaction, mission: string): Promise<readonly Rule[]> => {
  const rows = await tx.query<RuleRow>(
    `SELECT rule.code, rule.family, rule.enabled, rule.thresholds, rule.likelihood, rule.impact,
            own.enabled AS "ownEnabled", own.thresholds AS "ownThresholds"
     FROM rule LEFT JOIN mission_rule own ON own.code = rule.code AND own.mission = $1 ORDER BY rule.code`,
    [mission],
  );
  return rows.map(({ ownEnabled, ownThresholds, ...standard }) =>
    effectiveRule({ ...standard, mission: '' }, ownEnabled === null ? undefined : { mission, code: standard.code, enabled: ownEnabled, thresholds: ownThresholds ?? {} }),
  );
};

/** @returns the rule when it is switched on in the mission */
export const findActiveRule = async (tx: Transaction, mission: string, code: RuleCode): Promise<Rule | undefined> =>
  (await getRules(tx, mission)).find((rule) => rule.code === code && rule.enabled);

export const setOverride = async (tx: Transaction, { mission, code, enabled, thresholds }: RuleOverride, by: { subject: string; at: Date }): Promise<void> => {
  await tx.query(
    `INSERT INTO mission_rule (mission, code, enabled, thresholds, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (mission, code) DO UPDATE SET enabled = excluded.enabled, thresholds = excluded.thresholds, changed_at = excluded.changed_at, changed_by = excluded.changed_by`,
    [mission, code, enabled, JSON.stringify(thresholds), by.at, by.subject],
  );
};
