import { describe, expect, it } from '@jest/globals';
import { panelContrasts, waveAnalysis, type WaveObservation } from './waves.js';

const WAVES = ['baseline', 'post', '6 months', '12 months'];
const VALUES = [5, 6, 9, 8, 4, 4, 6, 7, 7, 9, 10, 9, 3, 5, undefined, 6, 6, 5, 8, undefined, 2, 4, 5, 3];
const answers = VALUES.flatMap((value, at): WaveObservation[] =>
  value === undefined ? [] : [{ value, person: `p${Math.floor(at / 4)}`, wave: WAVES[at % 4]! }],
);
const contrasts = panelContrasts('baseline', 'post', '6 months', '12 months');

const analysed = (observations: readonly WaveObservation[]) => {
  const result = waveAnalysis(observations, WAVES, contrasts);
  if (!result.estimable) throw new Error(result.because);
  return result;
};

describe('waveAnalysis', () => {
  it('gives the three changes and the decay as lmerTest does', () => {
    const result = analysed(answers);
    const expected = [
      [1, 0.4786824502, 13.05490816, 6],
      [2.93244379646, 0.5091990746, 13.10818146, 5],
      [2.19737388207, 0.5091990746, 13.10818145, 5],
      [1.19737388207, 0.5091990746, 13.10818145, 5],
    ];
    expect(result.contrasts.map((one) => one.later)).toEqual(['post', '6 months', '12 months', '12 months']);
    result.contrasts.forEach((one, at) => {
      if (!one.estimable) throw new Error(one.because);
      expect(one.estimate).toBeCloseTo(expected[at]![0]!, 7);
      expect(one.standardError).toBeCloseTo(expected[at]![1]!, 7);
      expect(one.df).toBeCloseTo(expected[at]![2]!, 4);
      expect(one.pairs).toBe(expected[at]![3]);
    });
    expect(result.people).toBe(6);
    expect(result.waves.map((one) => one.answered)).toEqual([6, 6, 5, 5]);
    expect(result.waves[0]!.mean!.estimate).toBeCloseTo(4.5, 7);
  });

  it('says which contrast a missing wave takes away, and keeps the others', () => {
    const result = analysed(answers.filter((one) => one.wave !== '6 months'));
    expect(result.contrasts.map((one) => one.estimable)).toEqual([true, false, true, true]);
    expect(result.contrasts[1]).toEqual({
      estimable: false,
      because: 'all-missing',
      later: '6 months',
      earlier: 'baseline',
      pairs: 0,
    });
    expect(result.waves[2]).toEqual({ wave: '6 months', answered: 0 });
  });

  it('estimates no change between waves that nobody answered both of', () => {
    const apart = answers.filter((one) => one.wave !== '12 months' || Number(one.person.slice(1)) > 6);
    const strangers = [
      { person: 'new 1', wave: '12 months', value: 4 },
      { person: 'new 2', wave: '12 months', value: 6 },
    ];
    const result = analysed([...apart, ...strangers]);
    expect(result.contrasts[2]).toMatchObject({ estimable: false, pairs: 0 });
    expect(result.contrasts[0]!.estimable).toBe(true);
  });

  it('refuses what it cannot mean and says what the data lack', () => {
    expect(waveAnalysis([], WAVES, contrasts)).toEqual({ estimable: false, because: 'all-missing' });
    expect(waveAnalysis(answers.filter((one) => one.wave === 'post'), WAVES, contrasts)).toEqual({
      estimable: false,
      because: 'single-wave',
    });
    expect(() => waveAnalysis([...answers, answers[0]!], WAVES, contrasts)).toThrow('p0 has two values at baseline');
    expect(() => waveAnalysis(answers, ['baseline', 'post'], contrasts)).toThrow('"6 months" is not among the waves');
    expect(() => waveAnalysis(answers, WAVES, [{ later: 'never', earlier: 'post' }])).toThrow('"never" is not among');
  });
});
