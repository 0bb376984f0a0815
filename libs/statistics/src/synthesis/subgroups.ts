import { notEstimable, type NotEstimable } from '../estimate.js';
import { requireOneClaim, type Effects, type EffectSize, type PoolableClaim } from './effect-size.js';
import { waldOf, type Omnibus } from './meta-regression.js';
import { inputOf } from './pool.js';
import { fitStudies, studiesFrom, type Coefficient, type Fitted, type MetaOptions } from './random-effects.js';

export type SubgroupOptions = MetaOptions & {
  /** Name of the category that divides studies. */
  readonly category: string;
  /** One tau2 for all groups (few studies a group: advised), or one each. */
  readonly tau2: 'common' | 'separate';
};

export type Subgroup = {
  readonly group: string;
  readonly k: number;
  readonly tau2: number;
  readonly pooled: Coefficient;
};

export type Subgroups = {
  readonly estimable: true;
  readonly claim: PoolableClaim;
  readonly method: string;
  readonly k: number;
  readonly tau2: 'common' | 'separate';
  readonly groups: readonly Subgroup[];
  /** That all groups share one value: the only way to say that groups differ. Groups' own p-values never say so. */
  readonly interaction: Omnibus;
};

/**
 * Groups of studies side by side, with the test that they differ.
 *
 * `common`: one column a group, one tau2; the test is Wald's of all contrasts with the first group, F where HKSJ is asked.
 * `separate`: each group by itself; Q between is the sum of w (b - mean)^2 with w = 1/se^2, chi-square, or with normal
 * standard errors of the groups where HKSJ is asked, since a t of each has no joint distribution. A group of a single study
 * is `too-few-studies` then. Source: Borenstein and Higgins (2013), Prevention Science 14.
 */
export const subgroups = (effects: Effects, options: SubgroupOptions): Subgroups | NotEstimable => {
  const claim = requireOneClaim(effects);
  if (!claim) return notEstimable('too-few-studies');
  const list: readonly EffectSize[] = effects;
  const names = [...new Set(list.map((effect) => categoryOf(effect, options.category)))].sort();
  if (names.length < 2) return notEstimable('too-few-studies');
  const parts = options.tau2 === 'common' ? common(list, names, options) : separate(list, names, options);
  if ('because' in parts) return parts;
  return { estimable: true, claim, k: list.length, tau2: options.tau2, ...parts };
};

const categoryOf = (effect: EffectSize, name: string): string => {
  const value = effect.categories?.[name];
  if (value === undefined) throw new RangeError(`categories.${name} is missing for ${effect.study}; leave the study out or give it`);
  return value;
};

type Parts = Pick<Subgroups, 'method' | 'groups' | 'interaction'>;

const common = (effects: readonly EffectSize[], names: readonly string[], options: SubgroupOptions): Parts | NotEstimable => {
  const groupOf = effects.map((effect) => categoryOf(effect, options.category));
  const moderators = groupOf.map((group) => names.map((name) => (name === group ? 1 : 0)));
  const fitted = fitStudies(studiesFrom({ ...inputOf(effects), moderators, withoutIntercept: true }), options);
  if ('estimable' in fitted) return fitted;
  const { result } = fitted;
  return {
    method: `${result.method}, subgroups with one tau2`,
    groups: names.map((group, index) => ({
      group,
      k: groupOf.filter((one) => one === group).length,
      tau2: result.heterogeneity.tau2,
      pooled: result.coefficients[index] as Coefficient,
    })),
    interaction: contrastsWithFirst(result.coefficients, result.test === 'z' ? undefined : result.k - names.length),
  };
};

/** Groups have no studies in common, so their estimates are independent given tau2. */
const contrastsWithFirst = (coefficients: readonly Coefficient[], df2: number | undefined): Omnibus => {
  const [first, ...rest] = coefficients as [Coefficient, ...Coefficient[]];
  const own = first.standardError ** 2;
  return waldOf(
    rest.map(({ estimate }) => estimate - first.estimate),
    rest.map(({ standardError }, i) => rest.map((_, j) => own + (i === j ? standardError ** 2 : 0))),
    df2,
  );
};

const separate = (effects: readonly EffectSize[], names: readonly string[], options: SubgroupOptions): Parts | NotEstimable => {
  const fits: Fitted[] = [];
  const normal: Coefficient[] = [];
  for (const name of names) {
    const studies = studiesFrom(inputOf(effects.filter((effect) => categoryOf(effect, options.category) === name)));
    const fitted = fitStudies(studies, options);
    if ('estimable' in fitted) return fitted;
    fits.push(fitted);
    const plain = fitStudies(studies, { ...options, test: 'z' });
    if ('result' in plain) normal.push(plain.result.coefficients[0] as Coefficient);
  }
  return {
    method: `${fits[0]?.result.method ?? ''}, subgroups with a tau2 each`,
    groups: fits.map(({ result }, index) => ({ group: names[index] as string, k: result.k, tau2: result.heterogeneity.tau2, pooled: result.coefficients[0] as Coefficient })),
    interaction: contrastsWithFirst(normal, undefined),
  };
};
