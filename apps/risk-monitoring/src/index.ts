export { type RiskMonitoringConfig, secretsKeysOf } from './config.js';
export { riskMonitoringMigrations } from './migrations/index.js';
export { startRiskMonitoring } from './service.js';
export { type AlertSettings, USUAL_DELIVERY } from './settings.js';
