export type { EvaluationConfig } from './config.js';
export { evaluationMigrations } from './migrations/index.js';
export { startEvaluation } from './service.js';
