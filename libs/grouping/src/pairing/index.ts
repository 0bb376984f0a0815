export { bestAssignment, type Assigned, type Scores } from './assignment.js';
export { pairAgain, pairPeople, type Pair, type PairingRequest, type PairingResult, type ScoredPair, type Unpaired } from './pair-people.js';
export { PAIRING_OBSTACLES, PAIRING_WEIGHTS, type Exclusion, type PairingObstacle, type PairingParts, type PairingProfile, type PairingWeights, type Supporter } from './profiles.js';
export { blockingPairs, stablePairs, type Proposer, type Receiver, type StableMatch, type StableResult } from './stable-pairs.js';
