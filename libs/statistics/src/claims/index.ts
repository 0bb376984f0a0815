export {
  claimEstimate,
  DF_AT_LEAST,
  requireClaimed,
  type ClaimedEstimate,
} from './claimed-estimate.js';
export {
  CAVEATS,
  CLAIM_OF,
  DEVIATIONS,
  designCaveats,
  HIGH_ATTRITION,
  rungOf,
  type Caveat,
  type Claim,
  type ClaimOf,
  type DesignDescription,
  type Deviation,
  type Rung,
} from './ladder.js';
export { particularsOf, type Reported } from './particulars.js';
export { CAVEAT_SENTENCES, sideOf, type Finding, type HigherIs, type Interval, type Side } from './sentences.js';
export { forbiddenWords, forbiddenWordsIn } from './words.js';
