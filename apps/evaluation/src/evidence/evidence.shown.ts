import type { evaluation } from '@common-ground/contracts';
import { type Coefficient, normalQuantile, type Pooled, type PredictionInterval } from '@common-ground/statistics';
import type { EvidencePool, Synthesis } from './domain/synthesis.js';

const figure = ({ estimate, standardError, intervalLow, intervalHigh, pValue, df }: Coefficient): evaluation.EvidenceFigure => ({ estimate, standardError, intervalLow, intervalHigh, pValue, df });

const predictionsOf = ({ prediction }: Pooled): evaluation.EvidencePrediction[] =>
  Object.values(prediction)
    .filter((one): one is PredictionInterval => one.estimable)
    .map(({ convention, low, high, df }) => ({ convention, low, high, df }));

const heterogeneityOf = ({ heterogeneity: h }: Pooled): evaluation.EvidenceHeterogeneity => ({
  tau2: h.tau2,
  tau2Low: h.tau2Interval.low,
  tau2High: h.tau2Interval.high,
  q: h.q,
  qDf: h.qDf,
  qPValue: h.qPValue,
  i2: h.i2,
  i2Low: h.i2Interval.low,
  i2High: h.i2Interval.high,
  h2: h.h2,
});

const studiesOf = ({ effects, answer, shrunken }: EvidencePool, interventionOf: Synthesis['interventionOf']): evaluation.EvidenceStudy[] => {
  const pooled = new Map(answer.estimable ? answer.studies.map((study) => [study.study, study]) : []);
  return effects.map(({ study, estimate, variance }) => {
    const half = normalQuantile(0.975) * Math.sqrt(variance);
    const { intervalLow = estimate - half, intervalHigh = estimate + half, weight = 0 } = pooled.get(study) ?? {};
    return { study, interventionId: interventionOf.get(study) ?? '', estimate, variance, intervalLow, intervalHigh, weight, shrunken: shrunken.get(study) };
  });
};

const NOTHING: Omit<evaluation.EvidenceModeration, 'because'> = { moderators: [], intercept: undefined, residualTau2: 0, r2: undefined, omnibusPValue: 1, k: 0, fewStudies: true };

const moderationOf = ({ moderation }: EvidencePool): evaluation.EvidenceModeration | undefined => {
  if (!moderation) return undefined;
  if (!moderation.estimable) return { ...NOTHING, because: moderation.because };
  return {
    moderators: moderation.moderators.map((one) => ({ name: one.name, figure: figure(one), permutationPValue: one.permutationP })),
    intercept: figure(moderation.intercept),
    residualTau2: moderation.heterogeneity.tau2,
    r2: moderation.r2,
    omnibusPValue: moderation.omnibus.pValue,
    k: moderation.k,
    fewStudies: moderation.fewStudies,
    because: '',
  };
};

const groupsOf = ({ groups, category }: EvidencePool): evaluation.EvidenceGroups | undefined => {
  if (!groups) return undefined;
  if (!groups.estimable) return { category, groups: [], interactionPValue: 1, because: groups.because };
  return { category, groups: groups.groups.map(({ group, k, pooled }) => ({ group, k, figure: figure(pooled) })), interactionPValue: groups.interaction.pValue, because: '' };
};

const threeLevelOf = ({ threeLevel }: EvidencePool): evaluation.EvidenceThreeLevel | undefined =>
  threeLevel?.estimable ? { figure: figure({ ...threeLevel, statistic: 0 }), varianceBetween: threeLevel.varianceBetweenClusters, varianceWithin: threeLevel.varianceWithinClusters, clusters: threeLevel.clusters } : undefined;

const poolOf = (pool: EvidencePool, interventionOf: Synthesis['interventionOf']): evaluation.EvidencePool => {
  const { answer } = pool;
  return {
    claim: pool.claim,
    k: pool.effects.length,
    method: answer.estimable ? answer.method : '',
    because: answer.estimable ? '' : answer.because,
    pooled: answer.estimable ? figure(answer.pooled) : undefined,
    sentence: answer.estimable ? answer.sentence : '',
    side: answer.estimable ? answer.side : 'open',
    heterogeneity: answer.estimable ? heterogeneityOf(answer) : undefined,
    predictions: answer.estimable ? predictionsOf(answer) : [],
    studies: studiesOf(pool, interventionOf),
    moderation: moderationOf(pool),
    groups: groupsOf(pool),
    sensitivity: pool.sensitivity.flatMap(({ what, answer: other }) => (other.estimable ? [{ tau2Method: what, tau2: other.heterogeneity.tau2, figure: figure(other.pooled) }] : [])),
    threeLevel: threeLevelOf(pool),
  };
};

/** A synthesis as it travels. */
export const shownSynthesis = ({ pools, leftOut, interventionOf }: Synthesis): evaluation.SynthesiseEvidenceResponse => ({
  pools: pools.map((pool) => poolOf(pool, interventionOf)),
  leftOut: leftOut.map((one) => ({ ...one })),
});
