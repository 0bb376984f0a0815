export * from './cr2.js';
export { groupMean, type GroupMean, type GroupObservation } from './group-mean.js';
export {
  twoArmDifference,
  type Arm,
  type ArmObservation,
  type TwoArmDifference,
} from './two-arm-difference.js';
export {
  linearContrast,
  type LinearContrast,
  type LinearContrastInput,
  type VarianceForm,
} from './linear-contrast.js';
