export * from './design.js';
export * from './other-tests.js';
export * from './power.js';
