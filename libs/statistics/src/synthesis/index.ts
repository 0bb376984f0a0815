export {
  acceptabilityCurve,
  costEffectiveness,
  fiellerInterval,
  type Acceptability,
  type CostAndEffect,
  type CostEffectiveness,
  type RatioInterval,
} from './cost-effectiveness.js';
export { effectSize, ofClaim, type EffectSize, type EffectSizeInput, type Effects, type PoolableClaim } from './effect-size.js';
export { TAU2_METHODS, type Range, type Tau2Method } from './heterogeneity.js';
export { cumulative, influence, leaveOneOut, shrunkenEstimates, type Cumulated, type Influence, type Sequence, type Shrunken, type WithoutOne } from './influence.js';
export { metaRegression, type MetaRegression, type MetaRegressionOptions, type Omnibus, type Permutation } from './meta-regression.js';
export { pool, type PoolAnswer, type Pooled, type PooledStudy, type PoolOptions } from './pool.js';
export { PREDICTION_CONVENTIONS, type PredictionConvention, type PredictionInterval } from './prediction.js';
export type { Coefficient, Heterogeneity, MetaOptions, Test } from './random-effects.js';
export type { Kendall } from './rank-correlation.js';
export { eggerTest, petPeese, rankCorrelationTest, type Egger, type EggerForm, type EggerOptions, type PetPeese, type Predictor } from './small-study.js';
export { subgroups, type Subgroup, type SubgroupOptions, type Subgroups } from './subgroups.js';
export { threeLevelPool, type ThreeLevel, type ThreeLevelOptions } from './three-level.js';
export { trimAndFill, type TrimAndFill, type TrimAndFillOptions } from './trim-and-fill.js';
