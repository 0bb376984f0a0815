export * from './catalogue.js';
export * as evaluation from './evaluation.js';
export * as operations from './operations.js';
export * as registry from './registry.js';
export * as risk from './risk.js';
export * as scheduling from './scheduling.js';
export * as shared from './shared.js';
