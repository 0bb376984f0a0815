export * from '../standardised.js';
export { pairedT, type PairedT } from './paired-t.js';
export * from './proportions.js';
export * from './regression-to-the-mean.js';
export * from './reliable-change.js';
export * from './signed-rank.js';
export * from './standardised-change.js';
