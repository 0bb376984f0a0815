import { chiSquareUpperTail } from '../distributions/chi-square.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireSameLength } from '../inputs.js';
import { ordinalLogistic } from './ordinal-logistic.js';

export type DifTest = { readonly chiSquare: number; readonly df: number; readonly pValue: number };

export type OrdinalDif = {
  readonly estimable: true;
  readonly method: 'ordinal-logistic, likelihood ratio';
  /** Does the item sit higher or lower for the focal group throughout? Group added to the score. */
  readonly uniform: DifTest;
  /** Does it tell people apart more, or less, in the focal group? Interaction added to both. */
  readonly nonUniform: DifTest;
  /** Both at once. */
  readonly total: DifTest;
  /** Log cumulative odds of a higher answer in the focal group at the same score, without interaction. */
  readonly groupEffect: number;
  /** Gain in Nagelkerke's R2 from group and interaction: below 0.035 negligible, to 0.07 moderate (Jodoin & Gierl 2001). */
  readonly r2Change: number;
  readonly size: 'negligible' | 'moderate' | 'large';
  readonly observations: number;
};

const test = (from: number, to: number, df: number): DifTest => {
  const statistic = Math.max(0, 2 * (to - from));
  return { chiSquare: statistic, df, pValue: chiSquareUpperTail(statistic, df) };
};

const nagelkerke = (logLikelihood: number, empty: number, n: number): number =>
  (1 - Math.exp((2 / n) * (empty - logLikelihood))) / (1 - Math.exp((2 / n) * empty));

const sizeOf = (change: number): OrdinalDif['size'] => {
  if (change < 0.035) return 'negligible';
  return change < 0.07 ? 'moderate' : 'large';
};

/**
 * Differential item functioning of an ordered item by nested proportional-odds models: score; score and group; score, group
 * and their product (Zumbo 1999).
 *
 * @param answers - n ordered answers to the item
 * @param focal - n: true for the focal group
 * @param score - n: the scale's score, best without the item itself
 * @returns not estimable when a group has nobody (`arm-missing`) or as `ordinalLogistic`
 */
export const ordinalDif = (
  answers: readonly number[],
  focal: readonly boolean[],
  score: readonly number[],
): OrdinalDif | NotEstimable => {
  requireFinite('answers', answers);
  requireFinite('score', score);
  requireSameLength('focal', focal, 'answers', answers);
  requireSameLength('score', score, 'answers', answers);
  const group = focal.map(Number);
  if (new Set(group).size < 2) return notEstimable('arm-missing');
  const product = group.map((one, at) => one * (score[at] ?? 0));
  const fits = [[score], [score, group], [score, group, product]].map((columns) => ordinalLogistic(columns, answers));
  const failed = fits.find((fit): fit is NotEstimable => !fit.estimable);
  if (failed) return failed;
  const [byScore, byGroup, byBoth] = fits.map((fit) => (fit.estimable ? fit.logLikelihood : 0)) as [
    number,
    number,
    number,
  ];
  const counts = new Map<number, number>();
  answers.forEach((answer) => counts.set(answer, (counts.get(answer) ?? 0) + 1));
  const n = answers.length;
  const empty = [...counts.values()].reduce((sum, count) => sum + count * Math.log(count / n), 0);
  const r2Change = nagelkerke(byBoth, empty, n) - nagelkerke(byScore, empty, n);
  const uniformFit = fits[1];
  return {
    estimable: true,
    method: 'ordinal-logistic, likelihood ratio',
    uniform: test(byScore, byGroup, 1),
    nonUniform: test(byGroup, byBoth, 1),
    total: test(byScore, byBoth, 2),
    groupEffect: uniformFit?.estimable ? (uniformFit.coefficients[1] ?? 0) : 0,
    r2Change,
    size: sizeOf(r2Change),
    observations: n,
  };
};
