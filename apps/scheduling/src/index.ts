export type { SchedulingConfig } from './config.js';
export { schedulingMigrations } from './migrations/index.js';
export { startScheduling } from './service.js';
