export type { GatewayConfig } from './config.js';
export { gatewayMigrations } from './migrations/index.js';
export { startGateway } from './service.js';
