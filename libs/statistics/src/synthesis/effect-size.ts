import { CLAIM_OF, rungOf, type Claim, type DesignDescription, type Rung } from '../claims/index.js';
import { requireSealed, seal, type Sealed } from '../claims/seal.js';
import { requireFinite } from '../inputs.js';

/** What can be pooled. A level compares with nothing, so levels are not pooled. */
export type PoolableClaim = Exclude<Claim, 'level'>;

export type EffectSizeInput = {
  /** Names the study, once a pool. */
  readonly study: string;
  /** In standard deviations of the outcome at baseline; above 0 is better for an outcome of which more is good. */
  readonly estimate: number;
  /** Sampling variance, above 0: as if people answered alone where `clusters` is given, else as it stands. */
  readonly variance: number;
  /**
   * People answered in clusters and the variance does not know it: it is multiplied by the design effect.
   * `size`: mean people a cluster; `icc`: intraclass correlation, 0 to 1; `sizeVariation`: SD over mean of sizes, 0 unless said.
   */
  readonly clusters?: { readonly size: number; readonly icc: number; readonly sizeVariation?: number };
  /** The group whose effects depend on each other (e.g. the project or mission); each study its own unless said. */
  readonly cluster?: string;
  /** Numbers by name that meta-regression may ask for. */
  readonly moderators?: Readonly<Record<string, number>>;
  /** Categories by name that subgroups may ask for. */
  readonly categories?: Readonly<Record<string, string>>;
  /** What orders a cumulative synthesis, e.g. the year. */
  readonly order?: number;
  /** People in all, for small-study tests. */
  readonly people?: number;
};

type EffectSizeBody<C extends PoolableClaim> = Omit<EffectSizeInput, 'clusters' | 'cluster'> & {
  readonly claim: C;
  readonly rung: Rung;
  readonly cluster: string;
  /** What the variance was multiplied by; 1 where nothing was. */
  readonly designEffect: number;
};

/** One study's result with the claim of its design. It comes from {@link effectSize} alone. */
export type EffectSize<C extends PoolableClaim = PoolableClaim> = C extends PoolableClaim ? Sealed<EffectSizeBody<C>, C> : never;

/** Studies of one claim. A mixed list is none of these, so it does not compile where one is asked for. */
export type Effects = readonly EffectSize<'change'>[] | readonly EffectSize<'adjusted-difference'>[] | readonly EffectSize<'effect'>[];

/**
 * A study's result as synthesis takes it. The claim follows from the design and travels with the figure.
 *
 * Clusters: variance times the design effect 1 + ((cv^2 + 1) m - 1) icc. Sources: Hedges (2007), Journal of Educational and
 * Behavioral Statistics 32(4); unequal sizes: Eldridge, Ashby and Kerry (2006), International Journal of Epidemiology 35.
 *
 * @throws RangeError naming the argument and the rule; a design of one wave without a lot has only a level and is refused
 */
export const effectSize = (design: DesignDescription, input: EffectSizeInput): EffectSize => {
  const rung = rungOf(design);
  const claim = CLAIM_OF[rung];
  if (claim === 'level') throw new RangeError(`design of ${input.study} allows a level only, and levels are not pooled`);
  requireFinite('estimate', [input.estimate]);
  requireFinite('variance', [input.variance]);
  if (!(input.variance > 0)) throw new RangeError(`variance of ${input.study} must be above 0, not ${input.variance}`);
  if (input.study.trim() === '') throw new RangeError('study must have a name');
  for (const [name, value] of Object.entries(input.moderators ?? {})) requireFinite(`moderators.${name}`, [value]);
  const { clusters, ...rest } = input;
  const factor = clusters ? designEffectOf(clusters) : 1;
  const body: EffectSizeBody<PoolableClaim> = { ...rest, claim, rung, cluster: input.cluster ?? input.study, variance: input.variance * factor, designEffect: factor };
  return seal<EffectSizeBody<PoolableClaim>, PoolableClaim>(body) as EffectSize;
};

const designEffectOf = ({ size, icc, sizeVariation = 0 }: NonNullable<EffectSizeInput['clusters']>): number => {
  if (!(size >= 1)) throw new RangeError(`clusters.size must be at least 1, not ${size}`);
  if (!(icc >= 0 && icc <= 1)) throw new RangeError(`clusters.icc must be between 0 and 1, not ${icc}`);
  if (!(sizeVariation >= 0)) throw new RangeError(`clusters.sizeVariation must be at least 0, not ${sizeVariation}`);
  return 1 + ((sizeVariation ** 2 + 1) * size - 1) * icc;
};

/**
 * Those of one claim, for code that does not know its claims before it runs.
 *
 * @throws TypeError when one did not come from effectSize
 */
export const ofClaim = <C extends PoolableClaim>(claim: C, effects: readonly EffectSize[]): readonly EffectSize<C>[] => {
  effects.forEach((effect, index) => requireSealed(`effects[${index}]`, effect, 'effectSize'));
  return effects.filter((effect) => effect.claim === claim) as unknown as readonly EffectSize<C>[];
};

/**
 * The claim that all share. The compiler asks for it already; this holds where types were lost on the way.
 *
 * @throws TypeError when one did not come from effectSize; RangeError when claims are mixed or a study is named twice
 */
export const requireOneClaim = (effects: readonly EffectSize[]): PoolableClaim | undefined => {
  effects.forEach((effect, index) => requireSealed(`effects[${index}]`, effect, 'effectSize'));
  const claims = [...new Set(effects.map(({ claim }) => claim))];
  if (claims.length > 1) throw new RangeError(`effects must be of one claim and never mixed, not ${claims.join(' and ')}`);
  const names = effects.map(({ study }) => study);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`effects must name each study once; ${JSON.stringify(twice)} comes again`);
  return claims[0];
};
