export type { GatewayConfig } from './config.js';
export { gatewayMigrations } from './migrations/index.js';
export { PORTFOLIO_TABLES } from './portfolio/portfolio.migrations.js';
export { PORTFOLIO_PROJECTION } from './portfolio/projection/portfolio-projection.js';
export { handlersFor } from './portfolio/projection/projection.js';
export { startGateway } from './service.js';
