import {
  type DesignDescription,
  type EffectSize,
  effectSize,
  type Effects,
  metaRegression,
  type MetaRegression,
  ofClaim,
  pool,
  type PoolableClaim,
  type PoolAnswer,
  rungOf,
  shrunkenEstimates,
  subgroups,
  type Subgroups,
  type Tau2Method,
  type Test,
  type ThreeLevel,
  threeLevelPool,
} from '@common-ground/statistics';
import type { ExternalStudy } from './external-study.js';

/** An estimate of ours, newest revision, as synthesis needs it. */
export type OwnEstimate = {
  readonly interventionId: string;
  readonly mission: string;
  readonly instrumentId: string;
  readonly item: string;
  readonly wave: string;
  readonly higherIs: string;
  readonly design: DesignDescription;
  /** Standard deviations, as the item is asked; missing where there is none. */
  readonly standardised?: number | undefined;
  readonly standardisedError?: number | undefined;
};

export type SynthesisOptions = {
  readonly tau2Method: Tau2Method;
  readonly test: Test;
  readonly moderators: readonly string[];
  /** Empty: not divided. */
  readonly category: string;
};

export type LeftOut = { readonly study: string; readonly because: 'no-standardised-estimate' | 'no-direction' | 'level-only' };

type NotPooled = { readonly estimable: false; readonly because: string };
export type Sensitivity = { readonly what: Tau2Method; readonly answer: PoolAnswer<PoolableClaim> };

export type EvidencePool = {
  readonly claim: PoolableClaim;
  readonly effects: readonly EffectSize[];
  readonly answer: PoolAnswer<PoolableClaim>;
  readonly shrunken: ReadonlyMap<string, number>;
  readonly sensitivity: readonly Sensitivity[];
  readonly moderation?: MetaRegression | NotPooled;
  /** What divides the groups; empty where nothing does. */
  readonly category: string;
  readonly groups?: Subgroups | NotPooled;
  /** Where several effects are of one intervention or group. */
  readonly threeLevel?: ThreeLevel | NotPooled;
};

export type Synthesis = { readonly pools: readonly EvidencePool[]; readonly leftOut: readonly LeftOut[]; readonly interventionOf: ReadonlyMap<string, string> };

/** Permutation p-values are given below this many studies; the seed makes them the same at every read. */
const PERMUTED_BELOW = 20;
const PERMUTATION = { seed: 20_240_601, shuffles: 999 };
const CLAIMS: readonly PoolableClaim[] = ['effect', 'adjusted-difference', 'change'];
/** Beside the method asked for, so that a conclusion that hangs on it is seen. */
const SENSITIVITY: readonly Tau2Method[] = ['REML', 'DL', 'PM'];

/** One pool for each claim that the studies' designs allow. A claim is derived, never said, and claims are never mixed. */
export const synthesise = (own: readonly OwnEstimate[], external: readonly ExternalStudy[], options: SynthesisOptions): Synthesis => {
  const named = nameApart(own, external.map(({ name }) => name));
  const taken = [...named.map(fromOwn), ...external.map(fromExternal)];
  const effects = taken.flatMap((one) => ('effect' in one ? [one.effect] : []));
  return {
    pools: CLAIMS.flatMap((claim) => {
      const ofIt = ofClaim(claim, effects);
      return ofIt.length === 0 ? [] : [poolOf(claim, ofIt as Effects, options)];
    }),
    leftOut: taken.flatMap((one) => ('because' in one ? [one] : [])),
    interventionOf: new Map(named.map(({ study, interventionId }) => [study, interventionId])),
  };
};

type Taken = { readonly effect: EffectSize } | LeftOut;

type NamedEstimate = OwnEstimate & { readonly study: string };

/** A pool names each study once; two instruments may ask the same item, and somebody may have named a study like ours. */
const nameApart = (own: readonly OwnEstimate[], taken: readonly string[]): NamedEstimate[] => {
  const names = new Set(taken);
  return own.map((one) => {
    const short = `${one.mission} ${one.interventionId.slice(0, 8)} ${one.item} ${one.wave}`;
    const study = names.has(short) ? `${short} (${one.interventionId} ${one.instrumentId})` : short;
    names.add(study);
    return { ...one, study };
  });
};

const fromOwn = (own: NamedEstimate): Taken => {
  const { study, standardised, standardisedError, higherIs, design } = own;
  if (standardised === undefined || standardisedError === undefined || !(standardisedError > 0)) return { study, because: 'no-standardised-estimate' };
  if (higherIs !== 'better' && higherIs !== 'worse') return { study, because: 'no-direction' };
  if (rungOf(design) === 1) return { study, because: 'level-only' };
  const estimate = higherIs === 'better' ? standardised : -standardised;
  const people = design.people.treatment + design.people.comparison;
  return { effect: effectSize(design, { study, estimate, variance: standardisedError ** 2, cluster: own.interventionId, people, categories: { mission: own.mission, item: own.item, wave: own.wave, origin: 'own' } }) };
};

const fromExternal = (study: ExternalStudy): Taken => {
  const { name, estimate, variance, clusterSize, icc, group, year } = study;
  const design = designOf(study);
  if (rungOf(design) === 1) return { study: name, because: 'level-only' };
  const categories = { ...Object.fromEntries(study.categories.map((one) => [one.name, one.value])), origin: 'external' };
  const clusters = clusterSize === undefined || icc === undefined ? {} : { clusters: { size: clusterSize, icc } };
  const moderators = { year, ...Object.fromEntries(study.moderators.map((one) => [one.name, one.value])) };
  return { effect: effectSize(design, { study: name, estimate, variance, ...clusters, ...(group ? { cluster: group } : {}), moderators, categories, order: year, people: study.nTreatment + study.nComparison }) };
};

const designOf = ({ assignment, unit, waves, nTreatment, nComparison, clustersTreatment, clustersComparison }: ExternalStudy): DesignDescription => ({
  waves,
  assignment: assignment === 'randomised' || assignment === 'chosen' ? assignment : 'none',
  unit: unit === 'cluster' ? 'cluster' : 'person',
  people: { treatment: nTreatment, comparison: nComparison },
  clusters: { treatment: clustersTreatment, comparison: clustersComparison },
});

/** `pool` has a signature a claim; here the claim is known at run time only, and it looks for itself that all share it. */
const poolAny = pool as (effects: Effects, options: { readonly tau2Method: Tau2Method; readonly test: Test }) => PoolAnswer<PoolableClaim>;

const poolOf = (claim: PoolableClaim, effects: Effects, { tau2Method, test, moderators, category }: SynthesisOptions): EvidencePool => {
  const list: readonly EffectSize[] = effects;
  const drawn = shrunkenEstimates(effects, { tau2Method, test });
  const isDependent = new Set(list.map(({ cluster }) => cluster)).size < list.length;
  return {
    claim,
    effects: list,
    answer: poolAny(effects, { tau2Method, test }),
    shrunken: new Map(drawn.estimable ? drawn.rows.map(({ study, estimate }) => [study, estimate]) : []),
    sensitivity: SENSITIVITY.map((what) => ({ what, answer: poolAny(effects, { tau2Method: what, test }) })),
    ...(moderators.length > 0 ? { moderation: moderationOf(claim, list, moderators, { tau2Method, test }) } : {}),
    category,
    ...(category === '' ? {} : { groups: groupsOf(claim, list, category, { tau2Method, test }) }),
    ...(isDependent ? { threeLevel: threeLevelPool(effects) } : {}),
  };
};

type How = { readonly tau2Method: Tau2Method; readonly test: Test };

/** Studies that lack a moderator are not in the regression; its k says how many are. */
const moderationOf = (claim: PoolableClaim, effects: readonly EffectSize[], moderators: readonly string[], how: How): MetaRegression | NotPooled => {
  const complete = ofClaim(claim, effects.filter((effect) => moderators.every((name) => effect.moderators?.[name] !== undefined)));
  return metaRegression(complete as Effects, { ...how, moderators, ...(complete.length < PERMUTED_BELOW ? { permutation: PERMUTATION } : {}) });
};

const groupsOf = (claim: PoolableClaim, effects: readonly EffectSize[], category: string, how: How): Subgroups | NotPooled =>
  subgroups(ofClaim(claim, effects.filter((effect) => effect.categories?.[category] !== undefined)) as Effects, { ...how, category, tau2: 'common' });
