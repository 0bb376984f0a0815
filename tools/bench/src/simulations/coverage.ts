import { effectSize, ofClaim, pool, seededRandom, twoArmDifference, type DesignDescription, type Test } from '@common-ground/statistics';
import { runsOf, type Check, type Simulation } from './check.js';
import { alternating, drawTrial, type ClusterTrial } from './trial.js';

/** 95 % intervals must hold the truth in 93 to 97 of 100 runs. */
const BAND = { least: 0.93, most: 0.97 };
const EFFECT = 0.3;

/** Ten clusters of unequal size, five an arm; then three against seven. */
const SIZES = [6, 9, 12, 14, 15, 16, 18, 20, 24, 30];
const balanced: ClusterTrial = { clusters: alternating(SIZES), icc: 0.1, effect: EFFECT };
const lopsided: ClusterTrial = {
  ...balanced,
  clusters: SIZES.map((size, at) => ({ size, arm: at % 4 === 1 ? 'treatment' : 'comparison' })),
};

const cr2 = (name: string, trial: ClusterTrial, runs: number): Check => {
  const random = seededRandom(20_261_101);
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const result = twoArmDifference(drawTrial(trial, random));
    if (result.estimable && result.intervalLow <= EFFECT && EFFECT <= result.intervalHigh) covered += 1;
  }
  return { name, measured: covered / runs, ...BAND, runs };
};

/** Five studies whose true effects differ, too: sizes apart by a factor of four, and of twelve. */
const UNEQUAL = [40, 60, 80, 110, 160];
const FAR_APART = [20, 40, 60, 100, 240];
const TAU = 0.2;
const trialOf = (people: number): DesignDescription => ({
  waves: 2,
  assignment: 'randomised',
  unit: 'person',
  people: { treatment: people / 2, comparison: people / 2 },
});

const hksj = (name: string, sizes: readonly number[], test: Test, most: number, runs: number): Check => {
  const random = seededRandom(20_261_102);
  const variances = sizes.map((size) => 4 / size);
  let covered = 0;
  for (let run = 0; run < runs; run++) {
    const studies = variances.map((variance, at) =>
      effectSize(trialOf(sizes[at] ?? 0), {
        study: `study ${at}`,
        estimate: EFFECT + Math.sqrt(variance + TAU ** 2) * random.normal(),
        variance,
      }),
    );
    const result = pool(ofClaim('effect', studies), { tau2Method: 'REML', test });
    if (result.estimable && result.pooled.intervalLow <= EFFECT && EFFECT <= result.pooled.intervalHigh) covered += 1;
  }
  return { name, measured: covered / runs, least: BAND.least, most, runs };
};

export const coverage: Simulation = {
  name: 'coverage',
  title: 'how often 95 % intervals hold the truth',
  run: (share) => [
    cr2('CR2, 10 unequal clusters, 5 an arm', balanced, runsOf(10_000, share)),
    cr2('CR2, 10 unequal clusters, 3 against 7', lopsided, runsOf(10_000, share)),
    hksj('HKSJ, 5 unequal studies', UNEQUAL, 'hksj', BAND.most, runsOf(10_000, share)),
    // Sizes twelvefold apart, HKSJ alone falls just short of its band (0.926): what its floor is for (Roever, Knapp & Friede
    // 2015). The floor buys that with width: it may cover more, never less.
    hksj('HKSJ with its floor, 5 studies far apart', FAR_APART, 'hksj-floor', 1, runsOf(10_000, share)),
  ],
};
