import { pairedT, power, seededRandom, twoArmDifference, welchT, type Design, type Random } from '@common-ground/statistics';
import { runsOf, type Check, type Simulation } from './check.js';
import { alternating, drawTrial, type ClusterTrial } from './trial.js';

/** Power may be off by two points. */
const POINTS = 0.02;

type Tested = { readonly estimable: boolean; readonly pValue?: number };

const against = (name: string, design: Design, effect: number, runs: number, seed: number, trial: (random: Random) => Tested): Check => {
  const random = seededRandom(seed);
  let found = 0;
  for (let run = 0; run < runs; run++) if ((trial(random).pValue ?? 1) < 0.05) found += 1;
  const planned = power(design, effect);
  return { name, measured: found / runs, least: planned - POINTS, most: planned + POINTS, runs };
};

const sample = (n: number, mean: number, random: Random): number[] => Array.from({ length: n }, () => mean + random.normal());

/** Mean 15, standard deviation half of it. */
const UNEQUAL = [4, 7, 10, 14, 15, 16, 20, 24, 25];
const unequal: ClusterTrial = { clusters: alternating([...UNEQUAL, ...[...UNEQUAL].reverse(), ...UNEQUAL, ...[...UNEQUAL].reverse()]), icc: 0.1, effect: 0.42 };
const variationOf = (sizes: readonly number[]): { readonly mean: number; readonly cv: number } => {
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length;
  return { mean, cv: Math.sqrt(sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / sizes.length) / mean };
};

export const powerOfDesigns: Simulation = {
  name: 'power',
  title: 'how often a planned test finds its effect',
  run: (share) => {
    const runs = runsOf(10_000, share);
    const equal: ClusterTrial = { clusters: alternating(Array.from({ length: 20 }, () => 15)), icc: 0.17, effect: 0.629 };
    const { mean, cv } = variationOf(UNEQUAL);
    return [
      against('two groups of 20, effect 0.6', { kind: 'two-group', treatment: 20, comparison: 20 }, 0.6, runs, 11, (random) =>
        welchT(sample(20, 0, random), sample(20, 0.6, random)),
      ),
      against('30 pairs, effect 0.28', { kind: 'paired', pairs: 30 }, 0.28, runs, 12, (random) =>
        pairedT(sample(30, 0, random).map(() => 0), sample(30, 0.28, random)),
      ),
      against('20 clusters of 15, icc 0.17, effect 0.629', { kind: 'cluster', clusters: 20, clusterSize: 15, icc: 0.17 }, 0.629, runs, 13, (random) =>
        twoArmDifference(drawTrial(equal, random)),
      ),
      against(
        '36 clusters of 4 to 25, icc 0.1, effect 0.42',
        { kind: 'cluster', clusters: 36, clusterSize: mean, icc: 0.1, sizeVariation: cv },
        0.42,
        runs,
        14,
        (random) => twoArmDifference(drawTrial(unequal, random)),
      ),
    ];
  },
};
