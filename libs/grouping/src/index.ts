export { maximiseDiversity, type Diversity as DiverseGrouping, type DiversityRequest } from './diversity/maximise-diversity.js';
export { brokenRules, type BrokenRule, type FormedGroup } from './forming/broken-rules.js';
export type { BentBecause, BentRule } from './forming/explain.js';
export { formGroups, type Formed, type FormResult, type NotFormed } from './forming/form-groups.js';
export { describeRule, sayRule, type Message } from './forming/messages.js';
export type { Objective, ObjectivePart, PartName } from './forming/objective.js';
export {
  USUAL_ACROSS_SIDES,
  USUAL_WEIGHTS,
  type Attribute,
  type FormRequest,
  type GroupSpec,
  type LonePolicy,
  type Met,
  type PeopleRule,
  type Person,
  type PlacedRule,
  type Rules,
  type Strength,
  type Weights,
} from './forming/request.js';
export { listRules, type Rule, type RuleCode } from './forming/rule-list.js';
export { seededRandom, seedOfPart, type Random } from './random.js';
export * from './mixing/index.js';
export * from './pairing/index.js';
export { regroup, type Move, type Regrouped, type RegroupOptions, type RegroupRequest, type RegroupResult } from './regrouping/regroup.js';
export { rotateRoles, type Rota, type RotaCount, type RotaHolder, type RotaPerson, type RotaRequest } from './roles/rotate-roles.js';
export { seat, type SeatedTable, type SeatingRequest } from './seating/seat.js';
export { exactRounds, type Rounds } from './series/constructions.js';
export { formSeries, type ActivityGroups, type SeriesFormed, type SeriesNotFormed, type SeriesResult } from './series/form-series.js';
export type { SeriesEncounters } from './series/series-encounters.js';
export { SERIES_WEIGHTS, type SeriesActivity, type SeriesRequest } from './series/series-request.js';
export type { EndedBy, Progress, RunRecord, SearchOptions } from './search/budget.js';
export * from './roles/index.js';
export * from './facilitators/index.js';
