export type { RegistryConfig } from './config.js';
export { registryMigrations } from './migrations/index.js';
export { startRegistry } from './service.js';
