export { type Answers } from './covariance.js';
export * from './intraclass.js';
export {
  measurementInvariance,
  type Invariance,
  type InvarianceFit,
  type InvarianceGroup,
  type InvarianceInput,
  type InvarianceStep,
} from './invariance.js';
export { type InvarianceLevel } from './invariance-model.js';
export * from './mantel-haenszel.js';
export * from './one-factor.js';
export * from './ordinal-dif.js';
export * from './rater-agreement.js';
export * from './reliability.js';
export * from './score.js';
