export { type Verified, verifyTrial } from './verify-trial/verify-trial.js';
