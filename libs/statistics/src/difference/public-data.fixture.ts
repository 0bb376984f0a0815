/** Small public data sets, so that the library is proven without the folder beside the project. */

/** Student (1908), hours of sleep gained under two drugs by the same ten people. */
export const SLEEP = {
  before: [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2],
  after: [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4],
} as const;

/** Henderson and Velleman (1981), miles per gallon of cars with automatic and manual gears. */
export const CARS = {
  automatic: [21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 21.5, 15.5, 15.2, 13.3, 19.2],
  manual: [21, 21, 22.8, 32.4, 30.4, 33.9, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4],
} as const;

/** Hand et al. (1993), weights of 72 girls before and after, by treatment. */
export const ANOREXIA: Readonly<Record<'Cont' | 'CBT' | 'FT', readonly (readonly [number, number])[]>> = {
  Cont: [[80.7, 80.2], [89.4, 80.1], [91.8, 86.4], [74, 86.3], [78.1, 76.1], [88.3, 78.1], [87.3, 75.1], [75.1, 86.7], [80.6, 73.5], [78.4, 84.6], [77.6, 77.4], [88.7, 79.5], [81.3, 89.6], [78.1, 81.4], [70.5, 81.8], [77.3, 77.3], [85.2, 84.2], [86, 75.4], [84.1, 79.5], [79.7, 73], [85.5, 88.3], [84.4, 84.7], [79.6, 81.4], [77.5, 81.2], [72.3, 88.2], [89, 78.8]],
  CBT: [[80.5, 82.2], [84.9, 85.6], [81.5, 81.4], [82.6, 81.9], [79.9, 76.4], [88.7, 103.6], [94.9, 98.4], [76.3, 93.4], [81, 73.4], [80.5, 82.1], [85, 96.7], [89.2, 95.3], [81.3, 82.4], [76.5, 72.5], [70, 90.9], [80.4, 71.3], [83.3, 85.4], [83, 81.6], [87.7, 89.1], [84.2, 83.9], [86.4, 82.7], [76.5, 75.7], [80.2, 82.6], [87.8, 100.4], [83.3, 85.2], [79.7, 83.6], [84.5, 84.6], [80.8, 96.2], [87.4, 86.7]],
  FT: [[83.8, 95.2], [83.3, 94.3], [86, 91.5], [82.5, 91.9], [86.7, 100.3], [79.6, 76.7], [76.9, 76.8], [94.2, 101.6], [73.4, 94.9], [80.5, 75.2], [81.6, 77.8], [82.1, 95.5], [77.6, 90.7], [83.5, 92.5], [89.9, 93.8], [86, 91.7], [87.3, 98]],
};

/** Morris (2008), Table 5: five studies with both arms before and after, and the published effects. */
export const MORRIS = [
  { treatment: { n: 20, meanChange: 7.9, sdBefore: 15.0, correlation: 0.47 }, comparison: { n: 20, meanChange: -3.4, sdBefore: 13.8, correlation: 0.47 }, ppc1: 0.7421, ppc2: 0.7684, variance: 0.1134 },
  { treatment: { n: 50, meanChange: 3.3, sdBefore: 3.1, correlation: 0.64 }, comparison: { n: 42, meanChange: 0.4, sdBefore: 4.1, correlation: 0.64 }, ppc1: 0.9524, ppc2: 0.801, variance: 0.035 },
  { treatment: { n: 9, meanChange: 0.2, sdBefore: 0.1, correlation: 0.77 }, comparison: { n: 9, meanChange: 0.0, sdBefore: 0.2, correlation: 0.77 }, ppc1: 1.8054, ppc2: 1.2045, variance: 0.1425 },
  { treatment: { n: 10, meanChange: 22.5, sdBefore: 14.5, correlation: 0.89 }, comparison: { n: 11, meanChange: 5.0, sdBefore: 17.3, correlation: 0.89 }, ppc1: 1.1514, ppc2: 1.0476, variance: 0.0681 },
  { treatment: { n: 14, meanChange: 0.4, sdBefore: 4.7, correlation: 0.44 }, comparison: { n: 14, meanChange: -1.4, sdBefore: 3.1, correlation: 0.44 }, ppc1: 0.505, ppc2: 0.4389, variance: 0.1634 },
] as const;
