import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pairedT } from '../change/paired-t.js';
import { linearContrast } from '../cluster-robust/linear-contrast.js';
import { twoArmDifference } from '../cluster-robust/two-arm-difference.js';
import { estimated } from '../golden/golden-rows.fixture.js';
import { ancova, type AncovaObservation } from './ancova.js';
import { differenceInDifferences, type PersonWave } from './difference-in-differences.js';
import { CARS, MORRIS, SLEEP } from './public-data.fixture.js';
import { rankSum } from './rank-sum.js';
import { standardisedDifference, standardisedPrePostControl } from './standardised-difference.js';
import { subgroupDifference } from './subgroup-difference.js';
import { welchT } from './welch-t.js';

const score = fc.integer({ min: -20, max: 20 });
const group = fc.array(score, { minLength: 2, maxLength: 20 });

/** Thirty people in eight clusters: made with R's set.seed(3). */
const CLUSTER = [...'aaabbbbcccccddeeeeeefffgggghhh'];
const TREATED = new Set('acfh');
const PRE = [
  -0.96, -0.29, 0.26, -1.15, 0.2, 0.03, 0.09, 1.12, -1.22, 1.27, -0.74, -1.13, -0.72, 0.25, 0.15, -0.31, -0.95, -0.65,
  1.22, 0.2, -0.58, -0.94, -0.2, -1.67, -0.48, -0.74, 1.16, 1.01, -0.07, -1.14,
];
const POST = [
  0.72, 1.08, 1.28, 0.05, -0.23, 0.72, 1.35, 1.11, -1.31, 1.96, 0.74, -0.59, 1.27, -0.64, 0.44, -2.45, -0.73, 0.74, 0.28,
  -0.78, 0.78, -0.97, 0.55, -2.74, -1.7, -0.9, -0.34, 2.37, 1.28, -1.07,
];
const people: readonly (AncovaObservation & { before: number; cluster: string })[] = POST.map((value, row) => ({
  value,
  before: PRE[row] ?? 0,
  cluster: CLUSTER[row] ?? '',
  arm: TREATED.has(CLUSTER[row] ?? '') ? 'treatment' : 'comparison',
}));

describe('welchT', () => {
  it('is that of R on cars, and has the standard error of CR2 over persons', () => {
    const result = estimated(welchT(CARS.automatic, CARS.manual));
    expect(result.statistic).toBeCloseTo(3.76712314514, 8);
    expect(result.df).toBeCloseTo(18.3322516384, 8);
    expect(result).toMatchObject({ method: 'welch-t', nComparison: 19, nTreatment: 13 });
  });

  it('turns with the arms, minds no constant, and never gives a figure that is not finite', () => {
    fc.assert(
      fc.property(group, group, score, (one, other, constant) => {
        const there = welchT(one, other);
        if (!there.estimable) return expect(there.because).toBe('no-variation');
        expect(Object.values(there).filter((value) => typeof value === 'number').every(Number.isFinite)).toBe(true);
        const back = estimated(welchT(other, one));
        const moved = estimated(welchT(one.map((x) => x + constant), other.map((x) => x + constant)));
        expect(back.estimate).toBeCloseTo(-there.estimate, 12);
        expect(back.df).toBeCloseTo(there.df, 8);
        expect(moved.intervalLow).toBeCloseTo(there.intervalLow, 9);
        const tiny = estimated(welchT(one.map((x) => x * 1e-90), other.map((x) => x * 1e-90)));
        expect(tiny.df).toBeCloseTo(there.df, 8);
      }),
    );
  });

  it('says what is missing', () => {
    expect(welchT([], [1, 2])).toEqual({ estimable: false, because: 'arm-missing' });
    expect(welchT([1], [1, 2])).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(welchT([1, 1], [2, 2])).toEqual({ estimable: false, because: 'no-variation' });
  });
});

describe('rankSum', () => {
  it('is exact without ties (R: wilcox.test)', () => {
    const result = estimated(rankSum([1.2, 3.4, 2.2, 5.1, 0.3], [2.5, 6.1, 3.9, 4.4, 7.7, 8.2]));
    expect(result).toMatchObject({ distribution: 'exact', statistic: 26 });
    expect(result.pValue).toBeCloseTo(0.051948051948052, 12);
    expect(result.probabilityOfSuperiority).toBeCloseTo(26 / 30, 12);
  });

  it('has exact chances that add up: counted against every split of small groups', () => {
    const values = [1, 2, 3, 4, 5, 6];
    const pOf = (treated: readonly number[]) =>
      estimated(rankSum(values.filter((value) => !treated.includes(value)), treated)).pValue;
    const splits = values.flatMap((a) => values.flatMap((b) => (a < b ? [[a, b]] : [])));
    const u = (treated: readonly number[]) => treated.reduce((sum, value) => sum + value, 0) - 3;
    for (const split of splits) {
      const far = Math.abs(u(split) - 4);
      const share = splits.filter((other) => Math.abs(u(other) - 4) >= far).length / splits.length;
      expect(pOf(split)).toBeCloseTo(share, 12);
    }
  });

  it('says what is missing', () => {
    expect(rankSum([], [1])).toEqual({ estimable: false, because: 'arm-missing' });
    expect(rankSum([2, 2], [2])).toEqual({ estimable: false, because: 'no-variation' });
  });
});

describe('standardisedDifference', () => {
  it.each([
    ['d', 1.477947096],
    ['g', 1.4406354],
    ['glass', 1.88967209],
    ['d-unpooled', 1.41104601],
  ] as const)('gives %s of cars as effectsize does', (measure, expected) => {
    expect(estimated(standardisedDifference(CARS.automatic, CARS.manual, measure)).estimate).toBeCloseTo(expected, 7);
  });

  it('has the exact interval of d, which g shrinks', () => {
    const d = estimated(standardisedDifference(SLEEP.before, SLEEP.after, 'd'));
    const g = estimated(standardisedDifference(SLEEP.before, SLEEP.after, 'g'));
    // By 30-digit quadrature and root finding (mpmath), beyond what R's effectsize prints.
    expect(d.intervalHigh).toBeCloseTo(1.73881689910673, 12);
    expect(d.intervalLow).toBeCloseTo(-0.0954503982114, 10);
    expect(g.intervalHigh / d.intervalHigh).toBeCloseTo(0.957646427, 8);
    expect(g.variance).toBeCloseTo(0.2159, 4);
  });

  it('divides by nothing that is zero', () => {
    expect(standardisedDifference([1, 1], [2, 3], 'glass')).toEqual({ estimable: false, because: 'zero-variance' });
    expect(standardisedDifference([1, 1], [2, 2], 'd')).toEqual({ estimable: false, because: 'zero-variance' });
    expect(standardisedDifference([], [2, 2], 'd')).toEqual({ estimable: false, because: 'arm-missing' });
  });
});

describe('standardisedPrePostControl', () => {
  it.each(MORRIS.map((study, index) => [index + 1, study] as const))('meets Morris (2008), Table 5, study %i', (_, study) => {
    const second = estimated(standardisedPrePostControl(study.comparison, study.treatment));
    const first = estimated(standardisedPrePostControl(study.comparison, study.treatment, 'd-ppc1'));
    expect(second.estimate).toBeCloseTo(study.ppc2, 4);
    expect(second.variance).toBeCloseTo(study.variance, 4);
    expect(first.estimate).toBeCloseTo(study.ppc1, 4);
  });

  it('needs spread before and three people an arm', () => {
    const arm = { n: 5, meanChange: 1, sdBefore: 0, correlation: 0 };
    expect(standardisedPrePostControl(arm, arm)).toEqual({ estimable: false, because: 'zero-variance' });
    expect(standardisedPrePostControl(arm, arm, 'd-ppc1')).toEqual({ estimable: false, because: 'zero-variance' });
    expect(standardisedPrePostControl({ ...arm, n: 2 }, arm)).toEqual({ estimable: false, because: 'too-few-observations' });
    expect(standardisedPrePostControl({ ...arm, n: 0 }, arm)).toEqual({ estimable: false, because: 'arm-missing' });
  });
});

describe('ancova', () => {
  it('agrees with clubSandwich 0.5.8 by cluster', () => {
    const result = estimated(ancova(people));
    expect(result.standardError).toBeCloseTo(0.419431481378411, 12);
    expect(result.df).toBeCloseTo(5.41564045648645, 8);
    expect(result).toMatchObject({ method: 'ancova', variance: 'cr2', clusters: 8, withoutBefore: 0 });
    expect(estimated(ancova(people, { variance: 'cr1' })).standardError).toBeCloseTo(0.385200986768359, 12);
  });

  it('keeps who was not asked before, by a dummy', () => {
    const result = estimated(
      ancova(people.map(({ before, ...one }, row) => (row % 5 === 0 ? one : { ...one, before }))),
    );
    expect(result).toMatchObject({ observations: 30, withoutBefore: 6 });
    const byHand = estimated(
      linearContrast({
        design: people.map((one, row) => [
          1,
          Number(one.arm === 'treatment'),
          row % 5 === 0 ? 0 : one.before,
          Number(row % 5 === 0),
        ]),
        outcome: POST,
        contrast: [0, 1, 0, 0],
        variance: 'cr2',
        clusters: CLUSTER,
      }),
    );
    expect(result.estimate).toBeCloseTo(byHand.estimate, 12);
    expect(result.standardError).toBeCloseTo(byHand.standardError, 12);
  });

  it('is the plain difference when nobody was asked before, and when all said the same', () => {
    const plain = estimated(twoArmDifference(people));
    for (const list of [people.map(({ before: _, ...one }) => one), people.map((one) => ({ ...one, before: 3 }))]) {
      const result = estimated(ancova(list));
      expect(result.estimate).toBeCloseTo(plain.estimate, 12);
      expect(result.standardError).toBeCloseTo(plain.standardError, 12);
      expect(result.slopeBefore).toBeUndefined();
    }
  });

  it('is not moved by the zero point of the scale, the order of people or the names of clusters', () => {
    const there = estimated(ancova(people));
    const moved = estimated(
      ancova(
        people
          .map((one) => ({ ...one, value: one.value + 9, before: one.before + 9, cluster: `of ${one.cluster}` }))
          .reverse(),
      ),
    );
    expect(moved.estimate).toBeCloseTo(there.estimate, 11);
    expect(moved.standardError).toBeCloseTo(there.standardError, 11);
    expect(moved.df).toBeCloseTo(there.df, 8);
  });

  it('says what is missing and refuses what is malformed', () => {
    expect(ancova(people.filter(({ arm }) => arm === 'treatment'))).toEqual({ estimable: false, because: 'arm-missing' });
    expect(ancova([])).toEqual({ estimable: false, because: 'arm-missing' });
    expect(() => ancova([{ value: 1, arm: 'treatment', before: Number.NaN }])).toThrow('before[0] must be');
    expect(() =>
      ancova([
        { value: 1, arm: 'treatment', covariates: [1] },
        { value: 1, arm: 'comparison' },
      ]),
    ).toThrow('covariates[1] has 0 entries and covariates[0] 1');
  });
});

const waves: readonly PersonWave[] = people.flatMap((one, row) => [
  { person: `p${row}`, arm: one.arm, cluster: one.cluster, wave: 'before' as const, value: one.before },
  { person: `p${row}`, arm: one.arm, cluster: one.cluster, wave: 'after' as const, value: one.value },
]);

describe('differenceInDifferences', () => {
  it('within people is the difference of mean changes, clusters respected', () => {
    const changes = estimated(twoArmDifference(people.map((one) => ({ ...one, value: one.value - one.before }))));
    for (const fixedEffects of ['person', 'none'] as const) {
      const result = estimated(differenceInDifferences(waves, { fixedEffects }));
      expect(result.estimate).toBeCloseTo(changes.estimate, 12);
      expect(result.standardError).toBeCloseTo(changes.standardError, 10);
      expect(result).toMatchObject({ clusters: 8, people: 30, observations: 60, fixedEffects });
    }
    const within = estimated(differenceInDifferences(waves, { fixedEffects: 'person' }));
    expect(within.df).toBeCloseTo(changes.df, 8);
  });

  it('within people leaves out who was seen once, within arms it keeps them', () => {
    const gone = waves.filter(({ person, wave }) => !(person === 'p3' && wave === 'after'));
    expect(estimated(differenceInDifferences(gone, { fixedEffects: 'person' }))).toMatchObject({ people: 29 });
    expect(estimated(differenceInDifferences(gone))).toMatchObject({ people: 30, observations: 59 });
  });

  it('within clusters takes out what sets clusters apart', () => {
    const shifted = waves.map((one) => ({ ...one, value: one.value + (one.cluster === 'c' ? 100 : 0) }));
    const [plain, moved] = [waves, shifted].map((list) =>
      estimated(differenceInDifferences(list, { fixedEffects: 'cluster' })),
    );
    expect(moved?.estimate).toBeCloseTo(plain?.estimate ?? 0, 10);
    expect(moved?.standardError).toBeCloseTo(plain?.standardError ?? 0, 10);
  });

  it('turns with time and tells the four means', () => {
    const back = estimated(
      differenceInDifferences(waves.map((one) => ({ ...one, wave: one.wave === 'after' ? 'before' : 'after' }))),
    );
    const there = estimated(differenceInDifferences(waves));
    expect(back.estimate).toBeCloseTo(-there.estimate, 12);
    const { comparison, treatment } = there.means;
    expect(treatment.after - treatment.before - (comparison.after - comparison.before)).toBeCloseTo(there.estimate, 12);
  });

  it('needs both waves of both arms', () => {
    expect(differenceInDifferences(waves.filter(({ arm }) => arm === 'treatment'))).toEqual({
      estimable: false,
      because: 'arm-missing',
    });
    expect(
      differenceInDifferences(waves.filter(({ arm, wave }) => arm === 'treatment' || wave === 'after')),
    ).toEqual({ estimable: false, because: 'single-wave' });
  });
});

describe('subgroupDifference', () => {
  it('is the interaction, as clubSandwich 0.5.8 has it', () => {
    const result = estimated(subgroupDifference(people.map((one, row) => ({ ...one, inSubgroup: row % 3 === 0 }))));
    expect(result.estimate).toBeCloseTo(0.389, 10);
    expect(result.standardError).toBeCloseTo(1.157343180648363, 10);
    expect(result.df).toBeCloseTo(5.59911209755004, 7);
    expect(result.pValue).toBeCloseTo(0.749019740788884, 8);
    expect(result.inside.estimate - result.outside.estimate).toBeCloseTo(result.estimate, 10);
  });

  it('shows subgroups drawn together, without p-values of their own', () => {
    const result = estimated(subgroupDifference(people.map((one, row) => ({ ...one, inSubgroup: row % 3 === 0 }))));
    const { inside, outside } = result;
    expect(Math.abs(inside.shrunk - outside.shrunk)).toBeLessThan(Math.abs(inside.estimate - outside.estimate));
    expect(Object.keys(inside)).toEqual(['estimate', 'standardError', 'shrunk', 'n']);
    expect(inside.n + outside.n).toBe(30);
  });

  it('compares changes of two subgroups where there are no arms', () => {
    const changes = SLEEP.after.map((value, row) => value - (SLEEP.before[row] ?? 0));
    const result = estimated(subgroupDifference(changes.map((value, row) => ({ value, inSubgroup: row < 5 }))));
    const first = estimated(pairedT(SLEEP.before.slice(0, 5), SLEEP.after.slice(0, 5)));
    expect(result.inside.estimate).toBeCloseTo(first.estimate, 12);
    expect(result.inside.standardError).toBeCloseTo(first.standardError, 12);
  });

  it('says what is missing', () => {
    expect(subgroupDifference(people.map((one) => ({ ...one, inSubgroup: one.arm === 'treatment' })))).toEqual({
      estimable: false,
      because: 'arm-missing',
    });
    expect(() =>
      subgroupDifference([
        { value: 1, inSubgroup: true },
        { value: 1, inSubgroup: true, arm: 'treatment' },
      ]),
    ).toThrow('arm must be given for everybody or for nobody');
  });
});
