export * from './ancova.js';
export * from './difference-in-differences.js';
export * from './rank-sum.js';
export * from './standardised-difference.js';
export * from './subgroup-difference.js';
export * from './welch-t.js';
