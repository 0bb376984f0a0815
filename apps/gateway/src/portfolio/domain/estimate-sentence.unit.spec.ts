import { describe, expect, it } from '@jest/globals';
import { sentenceOf, type ShownEstimate } from './estimate-sentence.js';

const estimate: ShownEstimate = { item: 'trust', wave: 'post', claim: 'change', n: 40, difference: 0.05, intervalLow: 0.01, intervalHigh: 0.09, higherIs: 'better' };

describe('the sentence of an estimate', () => {
  it('says effect only where arms were drawn by lot', () => {
    expect(sentenceOf({ ...estimate, claim: 'effect' })).toContain('Effect on trust');
    for (const claim of ['change', 'adjusted-difference', 'something-new']) expect(sentenceOf({ ...estimate, claim }).toLowerCase()).not.toContain('effect');
  });

  it('names other causes where there is nothing to compare with', () => {
    expect(sentenceOf(estimate)).toBe('Change in trust from baseline to post: +0.050 (95 % interval +0.010 to +0.090), 40 people with both waves; without a comparison group it may be due to other causes. The whole interval lies on the helpful side.');
  });

  it('says harm plainly, and when it may be nothing', () => {
    expect(sentenceOf({ ...estimate, claim: 'effect', higherIs: 'worse' })).toContain('This is harm');
    expect(sentenceOf({ ...estimate, intervalLow: -0.01 })).toContain('may be nothing');
  });

  it('claims nothing without figures', () => {
    expect(sentenceOf({ ...estimate, difference: null })).toBe('No estimate for trust at post: too few people answered both waves.');
    expect(sentenceOf({ ...estimate, claim: 'level', higherIs: '' })).toContain('Level of trust');
  });
});
