import { trials } from './studies.fixture.js';

/** Colditz et al. (1994), JAMA 271: cases and others among the vaccinated, the same among the others, latitude, year, allocation. */
const COUNTS: readonly (readonly [number, number, number, number, number, number, string])[] = [
  [4, 119, 11, 128, 44, 1948, 'random'],
  [6, 300, 29, 274, 55, 1949, 'random'],
  [3, 228, 11, 209, 42, 1960, 'random'],
  [62, 13536, 248, 12619, 52, 1977, 'random'],
  [33, 5036, 47, 5761, 13, 1973, 'alternate'],
  [180, 1361, 372, 1079, 44, 1953, 'alternate'],
  [8, 2537, 10, 619, 19, 1973, 'random'],
  [505, 87886, 499, 87892, 13, 1980, 'random'],
  [29, 7470, 45, 7232, 27, 1968, 'random'],
  [17, 1699, 65, 1600, 42, 1961, 'systematic'],
  [186, 50448, 141, 27197, 18, 1974, 'systematic'],
  [5, 2493, 3, 2338, 33, 1969, 'systematic'],
  [27, 16886, 29, 17825, 33, 1976, 'systematic'],
];

/** Thirteen trials as logarithms of risk ratios. */
export const vaccineTrials = trials(
  COUNTS.map(([a, b, c, d]) => Math.log((a * (c + d)) / (c * (a + b)))),
  COUNTS.map(([a, b, c, d]) => 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)),
  (index) => {
    const [a = 0, b = 0, c = 0, d = 0, latitude = 0, year = 0, allocation = ''] = COUNTS[index] ?? [];
    return { moderators: { latitude }, categories: { allocation }, order: year, people: a + b + c + d };
  },
);
