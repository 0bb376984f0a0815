import { betaCdf } from '../distributions/beta.js';
import { fQuantile } from '../distributions/f.js';
import { normalCdf, normalQuantile } from '../distributions/normal.js';
import { poissonMass } from '../distributions/poisson.js';
import { studentTQuantile } from '../distributions/student-t.js';
import { findRoot } from '../numeric/root.js';

const requireBetween = (name: string, value: number): void => {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} must be between 0 and 1, not ${value}`);
};

/** Size a group, fractional as the formula gives it: round up. */
const sizeWhere = (powerAt: (size: number) => number, wanted: number, least: number): number => {
  requireBetween('wanted power', wanted);
  if (powerAt(least) >= wanted) return least;
  let enough = 2 * least;
  while (powerAt(enough) < wanted) {
    enough *= 2;
    if (enough > 1e9) throw new RangeError(`power ${wanted} is out of reach at any size up to 1e9`);
  }
  return findRoot((size) => powerAt(size) - wanted, enough / 2, enough, { tolerance: 1e-10 });
};

/** Upper tail of noncentral F: central tails weighted by a Poisson count (Johnson, Kotz & Balakrishnan 1995, 30.3). */
const noncentralFUpperTail = (f: number, df1: number, df2: number, lambda: number): number => {
  const x = (df1 * f) / (df1 * f + df2);
  const middle = Math.floor(lambda / 2);
  const reach = Math.ceil(12 * Math.sqrt(lambda / 2 + 1)) + 20;
  let below = 0;
  for (let j = Math.max(0, middle - reach); j <= middle + reach; j++)
    below += poissonMass(j, lambda / 2) * betaCdf(x, df1 / 2 + j, df2 / 2);
  return 1 - below;
};

/**
 * Power of one-way analysis of variance with equal groups (Cohen 1988, ch. 8).
 *
 * @param f - standard deviation of the group means over that within groups
 */
export const anovaPower = (groups: number, perGroup: number, f: number, alpha = 0.05): number => {
  if (!(Number.isInteger(groups) && groups >= 2)) throw new RangeError(`groups must be 2 or more, not ${groups}`);
  if (!(perGroup > 1)) throw new RangeError(`perGroup must be above 1, not ${perGroup}`);
  if (!(f > 0)) throw new RangeError(`f must be above 0, not ${f}`);
  requireBetween('alpha', alpha);
  const [df1, df2] = [groups - 1, (perGroup - 1) * groups];
  return noncentralFUpperTail(fQuantile(1 - alpha, df1, df2), df1, df2, groups * perGroup * f ** 2);
};

/** People a group for one-way analysis of variance. */
export const anovaSize = (groups: number, f: number, wanted = 0.8, alpha = 0.05): number =>
  sizeWhere((size) => anovaPower(groups, size, f, alpha), wanted, 2);

/** Power of the two-sided test that a correlation is zero, by Fisher's z with its bias term (Cohen 1988, ch. 3). */
export const correlationPower = (r: number, people: number, alpha = 0.05): number => {
  if (!(Math.abs(r) < 1)) throw new RangeError(`r must be within -1 and 1, not ${r}`);
  if (!(people > 3)) throw new RangeError(`people must be above 3, not ${people}`);
  requireBetween('alpha', alpha);
  const t = studentTQuantile(1 - alpha / 2, people - 2);
  const critical = Math.atanh(Math.sqrt(t ** 2 / (t ** 2 + people - 2)));
  const z = Math.atanh(r) + r / (2 * (people - 1));
  const root = Math.sqrt(people - 3);
  return normalCdf((z - critical) * root) + normalCdf((-z - critical) * root);
};

/** People for the two-sided test that a correlation is zero. */
export const correlationSize = (r: number, wanted = 0.8, alpha = 0.05): number => {
  if (r === 0) throw new RangeError('r must not be 0: no size finds nothing');
  return sizeWhere((size) => correlationPower(r, size, alpha), wanted, 4);
};

/** Power of the two-sided comparison of two proportions with `perArm` people each (Fleiss, Levin & Paik 2003, ch. 4). */
export const twoProportionsPower = (first: number, second: number, perArm: number, alpha = 0.05): number => {
  requireBetween('first', first);
  requireBetween('second', second);
  requireBetween('alpha', alpha);
  if (!(perArm > 1)) throw new RangeError(`perArm must be above 1, not ${perArm}`);
  const pooled = (first + second) / 2;
  const critical = normalQuantile(1 - alpha / 2) * Math.sqrt(2 * pooled * (1 - pooled));
  const spread = Math.sqrt(first * (1 - first) + second * (1 - second));
  return normalCdf((Math.sqrt(perArm) * Math.abs(first - second) - critical) / spread);
};

/** People an arm for the two-sided comparison of two proportions. */
export const twoProportionsSize = (first: number, second: number, wanted = 0.8, alpha = 0.05): number => {
  if (first === second) throw new RangeError('first and second must differ: no size finds nothing');
  return sizeWhere((size) => twoProportionsPower(first, second, size, alpha), wanted, 2);
};
