export { diversity, type Diversity } from './diversity.js';
export { hasLoneMember, isOneSided } from './indices.js';
export { encountersOver, type Encounters, type EncountersRequest, type EncountersSoFar, type Gathering, type NoEncounters } from './encounters.js';
export { mixingOfGroups, type AgainstChance, type MixingOfGroups, type MixingRequest, type NotMixable } from './mixing-of-groups.js';
export { mixingOfTies, tiesOfSeating, type MixingOfTies, type NoTies, type Person, type Tie, type TieFigure, type TiesRequest } from './mixing-of-ties.js';
export { CONTACT_BASES, countSides, type ContactBasis, type SideCounts } from './side-counts.js';
export { assortativity, colemanHomophily, eiIndex, freemanSegregation, withinOddsRatio, type Dyads, type MixingMatrix } from './tie-indices.js';
export { mixingTally, type CountAgainstChance, type MixingTally } from './tally.js';
