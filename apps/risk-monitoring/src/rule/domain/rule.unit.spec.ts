import { describe, expect, it } from '@jest/globals';
import { checkedOverride, effectiveRule, type Rule, thresholdOf } from './rule.js';

const standard: Rule = { code: 'poor-contact', family: 'negative-contact', mission: '', enabled: true, thresholds: { minimumCondition: 2.5 }, likelihood: 3, impact: 4 };
const override = (code: string, thresholds: Record<string, number>) => checkedOverride({ mission: 'PE', code, enabled: true, thresholds });

describe('rules of a mission', () => {
  it('lay the own thresholds over the standard', () => {
    expect(effectiveRule(standard, undefined)).toBe(standard);
    expect(effectiveRule(standard, override('poor-contact', {}))).toMatchObject({ mission: 'PE', thresholds: { minimumCondition: 2.5 } });
    expect(thresholdOf(effectiveRule(standard, override('poor-contact', { minimumCondition: 3 })), 'minimumCondition')).toBe(3);
  });

  it.each([
    ['poor-kontact', {}, 'RULE_UNKNOWN'],
    ['poor-contact', { minimum: 3 }, 'THRESHOLD_UNKNOWN'],
    ['poor-contact', { constructor: 3 }, 'THRESHOLD_UNKNOWN'],
    ['outcome-worsened', { minimumCondition: 3 }, 'THRESHOLD_UNKNOWN'],
    ['poor-contact', { minimumCondition: 0.5 }, 'THRESHOLD_OUT_OF_RANGE'],
    ['poor-contact', { minimumCondition: Number.NaN }, 'THRESHOLD_OUT_OF_RANGE'],
    ['poor-contact', { minimumCondition: Number.POSITIVE_INFINITY }, 'THRESHOLD_OUT_OF_RANGE'],
  ])('refuses %s with %j as %s', (code, thresholds, refusal) => {
    expect(() => override(code, thresholds)).toThrow(expect.objectContaining({ code: refusal }));
  });
});
