import { DomainError } from '@common-ground/kernel';
import { ruleErrors } from './rule.errors.js';

export const RULE_CODES = ['outcome-worsened', 'poor-contact', 'one-side-missing', 'sides-apart', 'unrecorded-activity'] as const;
export type RuleCode = (typeof RULE_CODES)[number];

export const isRuleCode = (value: string): value is RuleCode => RULE_CODES.some((code) => code === value);

/** A rule as it stands: the organisation's default when `mission` is empty, else that mission's own. */
export type Rule = {
  readonly code: RuleCode;
  readonly family: string;
  readonly mission: string;
  readonly enabled: boolean;
  readonly thresholds: Readonly<Record<string, number>>;
  /** 1 to 5 each. */
  readonly likelihood: number;
  readonly impact: number;
};

export type RuleOverride = {
  readonly mission: string;
  readonly code: RuleCode;
  readonly enabled: boolean;
  readonly thresholds: Readonly<Record<string, number>>;
};

type Range = { readonly minimum: number; readonly maximum: number };

/** What each rule lets a mission set. Conditions are observed on a scale of 1 to 5. */
const THRESHOLDS: Readonly<Record<RuleCode, Readonly<Record<string, Range>>>> = {
  'outcome-worsened': {},
  'poor-contact': { minimumCondition: { minimum: 1, maximum: 5 } },
  'one-side-missing': {},
  'sides-apart': {},
  'unrecorded-activity': {},
};

/** @throws DomainError when the code is no rule or a threshold is not one of this rule's or out of its range. */
export const checkedOverride = (override: Omit<RuleOverride, 'code'> & { readonly code: string }): RuleOverride => {
  const { code, thresholds } = override;
  if (!isRuleCode(code)) throw ruleErrors.unknown(code);
  for (const [name, value] of Object.entries(thresholds)) {
    const range = Object.hasOwn(THRESHOLDS[code], name) ? THRESHOLDS[code][name] : undefined;
    if (!range) throw ruleErrors.thresholdUnknown(name, Object.keys(THRESHOLDS[code]));
    if (!(value >= range.minimum && value <= range.maximum))
      throw ruleErrors.thresholdOutOfRange(name, range.minimum, range.maximum);
  }
  return { ...override, code };
};

/** What holds in a mission: its own switch and thresholds over the organisation's defaults. */
export const effectiveRule = (standard: Rule, override: RuleOverride | undefined): Rule =>
  override
    ? {
        ...standard,
        mission: override.mission,
        enabled: override.enabled,
        thresholds: { ...standard.thresholds, ...override.thresholds },
      }
    : standard;

/** @throws DomainError when the data lacks a threshold that its rule needs: a broken migration, never a person's doing. */
export const thresholdOf = (rule: Rule, name: string): number => {
  const value = rule.thresholds[name];
  if (value === undefined) throw new DomainError('invalid', 'THRESHOLD_MISSING', `Rule ${rule.code} has no ${name}.`);
  return value;
};
