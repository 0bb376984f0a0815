export { seededRandom, seedOfPart, type Random } from './random.js';
export * from './mixing/index.js';
export * from './pairing/index.js';
