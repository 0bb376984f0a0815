export * from './claims/index.js';
export * from './cluster-robust/cr2.js';
export { groupMean, type GroupMean, type GroupObservation } from './cluster-robust/group-mean.js';
export {
  twoArmDifference,
  type Arm,
  type ArmObservation,
  type TwoArmDifference,
} from './cluster-robust/two-arm-difference.js';
export * from './distributions/student-t.js';
export * from './estimate.js';
