import { Matrix, QrDecomposition } from 'ml-matrix';
import { clusterLabels, type Arm } from '../cluster-robust/two-arm-difference.js';
import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireFinite, requireSameLength } from '../inputs.js';
import { seededRandom } from '../random/random.js';
import { countAssignments, drawAssignment, everyAssignment, type Stratum } from './assignments.js';

/** One person's value, arm, and how the lot was drawn: the cluster assigned as one, the stratum it was drawn within. */
export type RandomisedObservation = {
  readonly value: number;
  readonly arm: Arm;
  readonly cluster?: string;
  readonly stratum?: string;
  /** Baseline predictors that the statistic is adjusted for, as many for each person. */
  readonly covariates?: readonly number[];
};

export type RandomisationOptions = {
  /** Decides the draws where there are too many assignments to list; kept in the result. */
  readonly seed: number;
  /** Up to this many assignments every one is tried; 100,000 unless said. */
  readonly exactUpTo?: number;
  /** Draws otherwise; 10,000 unless said. */
  readonly draws?: number;
};

export type RandomisationTest = {
  readonly estimable: true;
  readonly method: 'randomisation-exact' | 'randomisation-monte-carlo';
  /** Difference of means, treatment minus comparison, adjusted for the covariates by least squares. */
  readonly statistic: number;
  /** Share of assignments as far from zero as this one, or farther. */
  readonly pTwoSided: number;
  /** Share of assignments with a statistic as large, or larger. */
  readonly pGreater: number;
  /** Share with one as small, or smaller. */
  readonly pLess: number;
  /** Assignments that were tried, the actual one included. */
  readonly assignments: number;
  /** Assignments there are; no p-value can be below 1 / possible. Infinity when beyond counting. */
  readonly possible: number;
  readonly seed?: number;
  /** People, units that were assigned, and strata that hold both arms. */
  readonly observations: number;
  readonly units: number;
  readonly strata: number;
};

/**
 * Randomisation inference: how often another outcome of the same lot would have given as large a difference, if what was
 * done changed nobody's value. It rests on the lot alone, so it holds for a handful of clusters. Clusters move as one and each
 * stratum keeps its number of treated units. A Monte Carlo p counts the actual assignment, (1 + k) / (1 + draws).
 * Sources: Fisher (1935); Phipson and Smyth (2010), SAGMB 9; Gerber and Green (2012), ch. 3.
 *
 * @returns not estimable: `arm-missing`, `not-identified` when only one assignment is possible or the covariates tell the arm
 * @throws RangeError naming a value that is not finite, or a cluster that lies in both arms or in several strata
 */
export const randomisationTest = (
  observations: readonly RandomisedObservation[],
  options: RandomisationOptions,
): RandomisationTest | NotEstimable => {
  requireFinite('value', observations.map(({ value }) => value));
  const arms = new Set(observations.map(({ arm }) => arm));
  if (arms.size < 2) return notEstimable('arm-missing');
  const { units, strata } = lotOf(observations);
  const possible = countAssignments(strata);
  const statistic = statisticOf(observations, units);
  const actual = statistic(units.flatMap(({ arm }, unit) => (arm === 'treatment' ? [unit] : [])));
  if (possible < 2 || actual === undefined) return notEstimable('not-identified');
  const exact = possible <= (options.exactUpTo ?? 100_000);
  const counts = exact
    ? countExactly(strata, statistic, actual)
    : countDraws(strata, statistic, actual, options);
  return {
    estimable: true,
    method: exact ? 'randomisation-exact' : 'randomisation-monte-carlo',
    statistic: actual,
    pTwoSided: counts.farther / counts.tried,
    pGreater: counts.larger / counts.tried,
    pLess: counts.smaller / counts.tried,
    assignments: counts.tried,
    possible,
    ...(exact ? {} : { seed: options.seed }),
    observations: observations.length,
    units: units.length,
    strata: strata.filter(({ units: { length }, treated }) => treated > 0 && treated < length).length,
  };
};

type Unit = { readonly arm: Arm; readonly stratum: string; readonly rows: readonly number[] };

const lotOf = (observations: readonly RandomisedObservation[]) => {
  const labels = clusterLabels(observations);
  const byLabel = new Map<string, { arm: Arm; stratum: string; rows: number[] }>();
  observations.forEach(({ arm, stratum = '' }, row) => {
    const label = labels[row] ?? '';
    const unit = byLabel.get(label) ?? { arm, stratum, rows: [] };
    if (unit.arm !== arm) throw new RangeError(`${label} lies in both arms: a cluster is assigned as one`);
    if (unit.stratum !== stratum) throw new RangeError(`${label} lies in several strata: a cluster lies in one`);
    unit.rows.push(row);
    byLabel.set(label, unit);
  });
  const units: readonly Unit[] = [...byLabel.values()];
  const names = [...new Set(units.map(({ stratum }) => stratum))];
  const strata = names.map((name): Stratum => {
    const own = [...units.keys()].filter((unit) => units[unit]?.stratum === name);
    return { units: own, treated: own.filter((unit) => units[unit]?.arm === 'treatment').length };
  });
  return { units, strata };
};

type Statistic = (treated: readonly number[]) => number | undefined;

/**
 * The coefficient of z in value ~ 1 + z + covariates is z'My / z'Mz with M = I - QQ'. For units both are sums: z'My of the
 * residuals' sums, z'Mz of sizes less the squared sum of Q rows, so an assignment costs units, not people.
 */
const statisticOf = (observations: readonly RandomisedObservation[], units: readonly Unit[]): Statistic => {
  const basis = basisOf(observations);
  const k = basis.columns;
  const values = Matrix.columnVector(observations.map(({ value }) => value));
  const rest = Matrix.sub(values, basis.mmul(basis.transpose().mmul(values)));
  const sums = units.map(({ rows }) => rows.reduce((sum, row) => sum + rest.get(row, 0), 0));
  const reach = units.map(({ rows }) =>
    Array.from({ length: k }, (_, column) => rows.reduce((sum, row) => sum + basis.get(row, column), 0)),
  );
  return (treated) => {
    let [above, size] = [0, 0];
    const along = new Float64Array(k);
    for (const unit of treated) {
      above += sums[unit] ?? 0;
      size += units[unit]?.rows.length ?? 0;
      reach[unit]?.forEach((value, column) => (along[column] = (along[column] ?? 0) + value));
    }
    const below = along.reduce((left, value) => left - value * value, size);
    return below > 1e-9 * size ? above / below : undefined;
  };
};

/** Orthonormal columns that span the intercept and the covariates; columns that add nothing are left out. */
const basisOf = (observations: readonly RandomisedObservation[]): Matrix => {
  const first = observations[0]?.covariates ?? [];
  observations.forEach(({ covariates = [] }, index) => {
    requireSameLength(`covariates[${index}]`, covariates, 'covariates[0]', first);
    requireFinite(`covariates[${index}]`, covariates);
  });
  const columns = new Matrix(observations.map(({ covariates = [] }) => [1, ...covariates]));
  const { orthogonalMatrix, upperTriangularMatrix } = new QrDecomposition(columns);
  const kept = Array.from({ length: columns.columns }, (_, column) => column).filter(
    (column) => Math.abs(upperTriangularMatrix.get(column, column)) > 1e-10 * columns.getColumnVector(column).norm(),
  );
  return orthogonalMatrix.subMatrixColumn(kept);
};

type Counts = { tried: number; farther: number; larger: number; smaller: number };

/** Statistics that differ by rounding alone are equal. */
const counter = (actual: number) => {
  const counts: Counts = { tried: 0, farther: 0, larger: 0, smaller: 0 };
  const slack = 1e-9 * Math.abs(actual) + 1e-14;
  const count = (value: number | undefined): void => {
    if (value === undefined) return;
    counts.tried++;
    if (Math.abs(value) >= Math.abs(actual) - slack) counts.farther++;
    if (value >= actual - slack) counts.larger++;
    if (value <= actual + slack) counts.smaller++;
  };
  return { counts, count };
};

const countExactly = (strata: readonly Stratum[], statistic: Statistic, actual: number): Counts => {
  const { counts, count } = counter(actual);
  everyAssignment(strata, (treated) => count(statistic(treated)));
  return counts;
};

const countDraws = (
  strata: readonly Stratum[],
  statistic: Statistic,
  actual: number,
  { seed, draws = 10_000 }: RandomisationOptions,
): Counts => {
  if (!(Number.isInteger(draws) && draws >= 1))
    throw new RangeError(`draws must be a whole number of at least 1, not ${draws}`);
  const random = seededRandom(seed);
  const { counts, count } = counter(actual);
  count(actual);
  for (let draw = 0; draw < draws; draw++) count(statistic(drawAssignment(strata, random)));
  return counts;
};
