import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOLZINGER_SWINEFORD_PUPILS, pooledCovariance } from './holzinger-swineford.fixture.js';
import { omega, omegaFromCovariance } from './one-factor.js';
import { reliability, reliabilityFromCovariance } from './reliability.js';
import { reversedAnswer, scoreScale, type ScoringRule } from './score.js';

const RULE: ScoringRule = {
  items: [{ code: 'warm' }, { code: 'cold', reversed: true }, { code: 'near' }, { code: 'trust' }],
  range: { lowest: 1, highest: 5 },
  answeredAtLeast: 0.5,
  score: 'mean',
};
/** Eight people, four items, as R: x <- matrix(c(...), 8, byrow = TRUE). */
const ANSWERS = [
  [4, 5, 4, 3],
  [2, 1, 2, 2],
  [5, 4, 5, 5],
  [3, 3, 2, 4],
  [1, 2, 1, 1],
  [4, 4, 3, 5],
  [2, 3, 3, 2],
  [5, 5, 4, 4],
];

/** R: a <- psych::alpha(as.data.frame(x)); psych::alpha.ci(a$total$raw_alpha, 8, 4) */
const ALPHA = {
  alpha: 0.931833223031,
  standardised: 0.932440633148,
  guttman6: 0.949880980973,
  low: 0.79763803805,
  high: 0.984688650623,
  itemTotal: [0.969204047985, 0.799070405855, 0.834945846482, 0.769357933464],
  dropped: [0.865900383142, 0.924107142857, 0.914036996736, 0.935153583618],
};

const estimated = <T extends { estimable: boolean }>(result: T): Extract<T, { estimable: true }> => {
  if (!result.estimable) throw new Error(JSON.stringify(result));
  return result as Extract<T, { estimable: true }>;
};

describe('scoreScale', () => {
  it('reverses items, takes the mean of those answered and leaves out people below the rule', () => {
    const scores = scoreScale(RULE, [
      [5, 1, 5, 5],
      [4, undefined, 2, undefined],
      [undefined, undefined, undefined, 3],
      [undefined, undefined, undefined, undefined],
    ]);
    expect(scores.people.map((one) => one.score)).toEqual([5, 3, undefined, undefined]);
    expect(scores).toMatchObject({ method: 'person-mean', scored: 2, tooFewItems: 1, nothingAnswered: 1 });
  });

  it('counts missing items as the person mean in a sum', () => {
    expect(scoreScale({ ...RULE, score: 'sum' }, [[4, undefined, 2, 3]]).people[0]!.score).toBe(12);
  });

  it('turns around when every item is reversed, and again back', () => {
    const turned = { ...RULE, items: RULE.items.map(({ code, reversed }) => ({ code, reversed: !reversed })) };
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 4, maxLength: 4 }), (answers) => {
        const [score, other] = [RULE, turned].map((rule) => scoreScale(rule, [answers]).people[0]!.score!);
        expect(score! + other!).toBeCloseTo(6, 12);
        expect(reversedAnswer(reversedAnswer(answers[0]!, RULE.range), RULE.range)).toBe(answers[0]);
      }),
    );
  });

  it('names the answer out of range and the row that is too short', () => {
    expect(() => scoreScale(RULE, [[1, 2, 3, 6]])).toThrow('answers[0] for trust must be from 1 to 5, not 6');
    expect(() => scoreScale(RULE, [[1, 2]])).toThrow('answers[0] has 2 entries, but the scale 4 items');
    expect(() => scoreScale({ ...RULE, answeredAtLeast: 0 }, [])).toThrow('answeredAtLeast must be above 0');
  });
});

describe('reliability', () => {
  it('agrees with R on eight people and four items (psych::alpha, psych::alpha.ci)', () => {
    const result = estimated(reliability(ANSWERS));
    expect(result.alpha).toBeCloseTo(ALPHA.alpha, 8);
    expect(result.standardisedAlpha).toBeCloseTo(ALPHA.standardised, 8);
    expect(result.guttman6!).toBeCloseTo(ALPHA.guttman6, 8);
    expect(result.intervalLow).toBeCloseTo(ALPHA.low, 8);
    expect(result.intervalHigh).toBeCloseTo(ALPHA.high, 8);
    result.items.forEach((item, at) => {
      expect(item.correctedItemTotal).toBeCloseTo(ALPHA.itemTotal[at]!, 8);
      expect(item.alphaIfDropped!).toBeCloseTo(ALPHA.dropped[at]!, 8);
    });
    expect(result).toMatchObject({ observations: 8, incomplete: 0, df: [7, 21], band: 'acceptable' });
  });

  it('agrees with psych on Holzinger and Swineford', () => {
    const of = (...items: number[]) =>
      estimated(reliabilityFromCovariance(pooledCovariance(items), HOLZINGER_SWINEFORD_PUPILS)).alpha;
    expect(of(0, 1, 2)).toBeCloseTo(0.626117132, 8);
    expect(of(3, 4, 5)).toBeCloseTo(0.882706913, 8);
    expect(of(6, 7, 8)).toBeCloseTo(0.688455023, 8);
  });

  it('reports Spearman-Brown for two items', () => {
    const two = estimated(reliability(ANSWERS.map((row) => row.slice(0, 2))));
    const r = two.averageCorrelation;
    expect(two.spearmanBrown).toBeCloseTo((2 * r) / (1 + r), 12);
    expect(two.items[0]!.alphaIfDropped).toBeUndefined();
  });

  it('warns of an item that runs against the others, and is whole again when it is reversed', () => {
    const turned = ANSWERS.map(([a = 0, ...rest]) => [6 - a, ...rest]);
    const result = estimated(reliability(turned));
    expect(result.items.map((item) => item.against)).toEqual([true, false, false, false]);
    expect(result.band).toBe('poor');
    const all = estimated(reliability(ANSWERS.map((row) => row.map((answer) => 6 - answer))));
    expect(all.alpha).toBeCloseTo(ALPHA.alpha, 8);
  });

  it('does not change by unit or order, and counts people with gaps', () => {
    const there = estimated(reliability(ANSWERS));
    const gap: (number | undefined)[][] = [...ANSWERS].reverse().map((row) => row.map((answer) => 10 * answer + 7));
    const back = estimated(reliability([...gap, [1, undefined, 3, 4]]));
    expect(back.alpha).toBeCloseTo(there.alpha, 12);
    expect(back.incomplete).toBe(1);
  });

  it('says why degenerate data carry no estimate', () => {
    expect(reliability(ANSWERS.map(([a]) => [a]))).toEqual({ estimable: false, because: 'too-few-items' });
    expect(reliability(ANSWERS.slice(0, 2))).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(reliability([])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(reliability(ANSWERS.map(([a]) => [a, 3]))).toEqual({ estimable: false, because: 'zero-variance' });
    expect(reliability(ANSWERS.map(([a = 0]) => [a, 6 - a]))).toEqual({ estimable: false, because: 'zero-variance' });
    expect(() => reliability([[1, 2], [1]])).toThrow('answers[1] has 1 entries, answers[0] 2');
    expect(() => reliabilityFromCovariance([[1, 2], [3, 4]], 9)).toThrow('covariance must be symmetric');
  });
});

describe('omega', () => {
  it('agrees with lavaan on Holzinger and Swineford', () => {
    const of = (...items: number[]) =>
      estimated(omegaFromCovariance(pooledCovariance(items), HOLZINGER_SWINEFORD_PUPILS, 'ml')).omega;
    expect(of(0, 1, 2)).toBeCloseTo(0.632553156, 6);
    expect(of(3, 4, 5)).toBeCloseTo(0.885880924, 6);
    expect(of(6, 7, 8)).toBeCloseTo(0.696135287, 6);
  });

  it('is alpha when items are parallel', () => {
    const parallel = [0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 2 : 0.8)));
    const alpha = estimated(reliabilityFromCovariance(parallel, 50)).alpha;
    for (const method of ['ml', 'minres'] as const)
      expect(estimated(omegaFromCovariance(parallel, 50, method)).omega).toBeCloseTo(alpha, 6);
  });

  it('finds the loadings that made the correlations', () => {
    const loadings = [0.9, 0.7, 0.5, 0.3, -0.4];
    const implied = loadings.map((a, i) => loadings.map((b, j) => (i === j ? 1 : a * b)));
    for (const method of ['ml', 'minres'] as const) {
      const result = estimated(omegaFromCovariance(implied, 100, method));
      const sign = Math.sign(result.loadings[0]!);
      result.loadings.forEach((loading, at) => expect(sign * loading).toBeCloseTo(loadings[at]!, 5));
      expect(result.improper).toBe(false);
    }
  });

  it('says when one item is explained wholly, and when there are too few', () => {
    const wild = [
      [1, 0.9, 0.9],
      [0.9, 1, 0.5],
      [0.9, 0.5, 1],
    ];
    expect(estimated(omegaFromCovariance(wild, 40, 'minres')).improper).toBe(true);
    expect(estimated(omegaFromCovariance(wild, 40, 'ml')).improper).toBe(true);
    expect(omega(ANSWERS.map((row) => row.slice(0, 2)))).toEqual({ estimable: false, because: 'too-few-items' });
  });
});
