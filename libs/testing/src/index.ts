export * from './fresh-database.js';
export * from './test-issuer.js';
