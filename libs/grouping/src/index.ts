export { seededRandom, seedOfPart, type Random } from './random.js';
