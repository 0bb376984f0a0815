export * from './authorise.js';
export * from './batch.js';
export * from './clock.js';
export * from './domain-error.js';
export * from './ids.js';
export * from './page.js';
export * from './scope.js';
export * from './text.js';
