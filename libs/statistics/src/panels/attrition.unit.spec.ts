import { describe, expect, it } from '@jest/globals';
import { attritionBoundary } from './attrition-boundary.js';
import { attrition, baselineBand, baselineGap, type AttritionObservation } from './attrition.js';

/** R: t <- rep(0:1, each = 8); left <- c(0,0,1,0,0,1,0,0, 1,1,0,1,0,0,0,0); b <- c(3,4,2,5,4,3,6,5, 1,2,5,2,4,6,5,4) */
const LEFT = [0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0];
const BASELINE = [3, 4, 2, 5, 4, 3, 6, 5, 1, 2, 5, 2, 4, 6, 5, 4];
const people = BASELINE.map((baseline, at): AttritionObservation => ({
  baseline,
  answered: LEFT[at] === 0,
  arm: at < 8 ? 'comparison' : 'treatment',
}));

const analysed = (list: readonly AttritionObservation[]) => {
  const result = attrition(list);
  if (!result.estimable) throw new Error(result.because);
  return result;
};
const armsOf = (list: readonly AttritionObservation[]) => {
  const { byArm } = analysed(list);
  if (!byArm?.estimable) throw new Error(byArm?.because);
  return byArm;
};

describe('attrition', () => {
  it('counts who left, by arm, and judges it by the published boundary', () => {
    const result = analysed(people);
    expect(result).toMatchObject({ invited: 16, answered: 11, overall: 5 / 16 });
    expect(armsOf(people).treatment).toEqual({ invited: 8, answered: 5, attrition: 3 / 8 });
    expect(armsOf(people).differential).toBeCloseTo(0.125, 12);
    expect(armsOf(people).verdict).toEqual({ verdict: 'high', cautiousBoundary: 3.8, optimisticBoundary: 8 });
  });

  it('compares the baseline of leavers and stayers (Hedges g by hand: (2 - 51/11) / sd, J = 1 - 3/55)', () => {
    const result = analysed(people);
    const stayers = [3, 4, 5, 4, 6, 5, 5, 4, 6, 5, 4];
    const mean = 51 / 11;
    const squares = stayers.reduce((sum, value) => sum + (value - mean) ** 2, 0) + 2;
    const g = (1 - 3 / 55) * ((2 - mean) / Math.sqrt(squares / 14));
    expect(result.baselineOfLeavers).toMatchObject({ estimable: true, band: 'not-comparable', n: [5, 11] });
    expect(result.baselineOfLeavers.estimable && result.baselineOfLeavers.smd).toBeCloseTo(g, 12);
  });

  it('estimates the arm-by-response difference: how much lower leavers are in one arm than in the other', () => {
    const { armByResponse } = armsOf(people);
    if (!armByResponse.estimable) throw new Error(armByResponse.because);
    expect(armByResponse.estimate).toBeCloseTo(5 / 3 - 24 / 5 - (5 / 2 - 27 / 6), 10);
    // HC2 of a saturated model: sum of the cells' s^2 / n.
    const variance = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1) / values.length;
    };
    const cells = [[2, 3], [3, 4, 5, 4, 6, 5], [1, 2, 2], [5, 4, 6, 5, 4]];
    expect(armByResponse.standardError ** 2).toBeCloseTo(cells.reduce((sum, cell) => sum + variance(cell), 0), 10);
  });

  it('leaves arms out where there are none, and says what a part lacks', () => {
    const one = analysed(people.map(({ answered, baseline }) => ({ answered, baseline: baseline! })));
    expect(one.byArm).toBeUndefined();
    const stayed = people.map((person) => ({ ...person, answered: true }));
    const nobodyLeft = analysed(stayed);
    expect(nobodyLeft.overall).toBe(0);
    expect(nobodyLeft.baselineOfLeavers).toEqual({ estimable: false, because: 'all-missing' });
    expect(armsOf(stayed).armByResponse.estimable).toBe(false);
    const gone = people.map((person) => ({ ...person, answered: false }));
    const allLeft = analysed(gone);
    expect(allLeft.overall).toBe(1);
    expect(armsOf(gone).verdict).toEqual({ verdict: 'high' });
    expect(armsOf(gone).baselineOfStayers).toEqual({ estimable: false, because: 'all-missing' });
    expect(analysed(people.filter(({ arm }) => arm === 'treatment')).byArm).toEqual({ estimable: false, because: 'arm-missing' });
    expect(attrition([])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(() => attrition([...people, { answered: true }])).toThrow('arm must be given for all or none');
  });

  it('changes sign, not size, when the arms are swapped', () => {
    const swapped = people.map((person): AttritionObservation => ({
      ...person,
      arm: person.arm === 'treatment' ? 'comparison' : 'treatment',
    }));
    expect(armsOf(swapped).differential).toBeCloseTo(-0.125, 12);
    expect(armsOf(swapped).verdict).toEqual(armsOf(people).verdict);
  });
});

describe('attritionBoundary', () => {
  it.each([
    [0.1, 0.063, 'low'],
    [0.1, 0.064, 'depends'],
    [0.1, 0.109, 'depends'],
    [0.1, 0.11, 'high'],
    [0.3, -0.041, 'low'],
    [0.57, 0.001, 'depends'],
    [0.6, 0, 'high'],
  ] as const)('calls %d overall with %d between arms %s', (overall, differential, verdict) => {
    expect(attritionBoundary(overall, differential).verdict).toBe(verdict);
  });

  it('takes the stricter row between two', () => {
    expect(attritionBoundary(0.005, 0).cautiousBoundary).toBe(5.7);
    expect(attritionBoundary(0.305, 0).cautiousBoundary).toBe(4);
  });
});

describe('baselineGap', () => {
  it('bands a gap as WWC does', () => {
    expect([0.05, -0.06, 0.25, -0.26].map(baselineBand)).toEqual(['satisfied', 'adjust', 'adjust', 'not-comparable']);
  });

  it('does not divide by nothing', () => {
    expect(baselineGap([1, 1], [1, 1])).toEqual({ estimable: false, because: 'zero-variance' });
    expect(baselineGap([1], [2])).toEqual({ estimable: false, because: 'too-few-observations' });
  });
});
