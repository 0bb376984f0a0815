export { answersOk, Child } from './platform-under-test/child.js';
export { type Verified, verifyTrial } from './verify-trial/verify-trial.js';
