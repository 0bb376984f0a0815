export { effectiveSize, weightedMean, type EffectiveSize, type WeightedMean } from './effective-size.js';
export * from './raking.js';
export * from './trimming.js';
