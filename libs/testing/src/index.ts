export * from './fault-proxy.js';
export * from './fresh-database.js';
export * from './test-issuer.js';
export * from './kafka.js';
