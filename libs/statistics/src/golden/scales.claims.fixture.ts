import { nullModelIcc } from '../panels/index.js';
import {
  HOLZINGER_SWINEFORD,
  HOLZINGER_SWINEFORD_PUPILS,
  pooledCovariance,
} from '../scales/holzinger-swineford.fixture.js';
import {
  measurementInvariance,
  omega,
  omegaFromCovariance,
  oneWayIcc,
  raterAgreement,
  reliability,
  reliabilityFromCovariance,
  type RaterForm,
} from '../scales/index.js';
import { estimated, once, readDataSet, type GoldenClaims } from './golden-rows.fixture.js';

const dyestuff = once(() => {
  const rows = readDataSet('dyestuff.csv');
  const [yields, batches] = [rows.map((row) => Number(row['Yield'])), rows.map((row) => row['Batch'] ?? '')];
  return {
    reml: estimated(nullModelIcc(yields, batches)),
    ml: estimated(nullModelIcc(yields, batches, 'ml')),
    anova: estimated(oneWayIcc(yields, batches)),
  };
});

const matrixOf = (file: string): number[][] => readDataSet(file).map((row) => Object.values(row).map(Number));

const raters = once(() => estimated(raterAgreement(matrixOf('shrout_fleiss_1979.csv'))));
const form = (name: RaterForm) => () => raters().forms.find((one) => one.form === name)?.icc ?? Number.NaN;

const attitude = once(() => matrixOf('attitude.csv'));
const attitudeReliability = once(() => estimated(reliability(attitude())));
const [RATING, CRITICAL] = [0, 5];
const item = (at: number) => attitudeReliability().items[at];

const tests = (...items: number[]) => ({
  alpha: () => estimated(reliabilityFromCovariance(pooledCovariance(items), HOLZINGER_SWINEFORD_PUPILS)).alpha,
  'omega CFA': () => estimated(omegaFromCovariance(pooledCovariance(items), HOLZINGER_SWINEFORD_PUPILS, 'ml')).omega,
});

const invariance = once(() =>
  estimated(
    measurementInvariance({
      groups: HOLZINGER_SWINEFORD,
      factorOf: ['visual', 'visual', 'visual', 'textual', 'textual', 'textual', 'speed', 'speed', 'speed'],
    }),
  ),
);
const chiSquare = (at: number) => () => invariance().fits[at]?.chiSquare ?? Number.NaN;

export const claims: readonly GoldenClaims[] = [
  {
    area: '1 ICC',
    cases: {
      'dyestuff.csv': {
        'REML var batch': () => dyestuff().reml.groupVariance,
        'resid var': () => dyestuff().reml.residualVariance,
        'ML var batch': () => dyestuff().ml.groupVariance,
        'ICC(1)': () => dyestuff().anova.icc,
        F: () => dyestuff().anova.f,
      },
      'shrout_fleiss_1979.csv': {
        'ICC(1,1)': form('ICC(1,1)'),
        'ICC(2,1)': form('ICC(2,1)'),
        'ICC(3,1)': form('ICC(3,1)'),
        'ICC(1,4)': form('ICC(1,k)'),
        'ICC(2,4)': form('ICC(2,k)'),
        'ICC(3,4)': form('ICC(3,k)'),
      },
    },
  },
  {
    area: '1 reliability',
    cases: {
      'attitude.csv (R datasets)': {
        'alpha raw': () => attitudeReliability().alpha,
        'alpha std': () => attitudeReliability().standardisedAlpha,
        G6: () => attitudeReliability().guttman6 ?? Number.NaN,
        'avg r': () => attitudeReliability().averageCorrelation,
        'Feldt CI lo': () => attitudeReliability().intervalLow,
        'Feldt CI hi': () => attitudeReliability().intervalHigh,
        'omega 1-factor minres (psych)': () => estimated(omega(attitude(), 'minres')).omega,
        'omega CFA ML (lavaan)': () => estimated(omega(attitude(), 'ml')).omega,
        'alpha if drop critical': () => item(CRITICAL)?.alphaIfDropped ?? Number.NaN,
        'corrected item-total rating': () => item(RATING)?.correctedItemTotal ?? Number.NaN,
        'corrected item-total critical': () => item(CRITICAL)?.correctedItemTotal ?? Number.NaN,
      },
      'HolzingerSwineford1939 (lavaan) x1-x3': tests(0, 1, 2),
      'HolzingerSwineford1939 (lavaan) x4-x6': tests(3, 4, 5),
      'HolzingerSwineford1939 (lavaan) x7-x9': tests(6, 7, 8),
    },
  },
  {
    area: '1 invariance',
    cases: {
      'HolzingerSwineford1939 by school': {
        'configural chi2 df48': chiSquare(0),
        'metric chi2 df54': chiSquare(1),
        'scalar chi2 df60': chiSquare(2),
      },
    },
  },
];
