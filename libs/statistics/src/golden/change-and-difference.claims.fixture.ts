import { pairedT } from '../change/paired-t.js';
import { signedRank } from '../change/signed-rank.js';
import { standardisedChange, summariseChange, type ChangeMeasure } from '../change/standardised-change.js';
import { linearContrast, type VarianceForm } from '../cluster-robust/linear-contrast.js';
import { ancova } from '../difference/ancova.js';
import { ANOREXIA, CARS, SLEEP } from '../difference/public-data.fixture.js';
import { rankSum } from '../difference/rank-sum.js';
import {
  standardisedDifference,
  standardisedPrePostControl,
  type DifferenceMeasure,
} from '../difference/standardised-difference.js';
import { welchT } from '../difference/welch-t.js';
import { benjaminiHochberg, holm } from '../multiplicity/adjust.js';
import { hedgesCorrection, hedgesCorrectionApproximate } from '../standardised.js';
import { estimated, once, type GoldenClaims } from './golden-rows.fixture.js';

const { before, after } = SLEEP;
const paired = once(() => estimated(pairedT(before, after)));
const welch = once(() => estimated(welchT(before, after)));
const change = (measure: ChangeMeasure) => estimated(standardisedChange(before, after, measure));
const apart = (measure: DifferenceMeasure) => estimated(standardisedDifference(before, after, measure));
const changes = after.map((value, index) => value - (before[index] ?? 0));
const ranks = (continuity: boolean) => estimated(signedRank(changes, { zeros: 'drop', continuity }));

const carsWelch = once(() => estimated(welchT(CARS.automatic, CARS.manual)));
const cars = (measure: DifferenceMeasure) =>
  estimated(standardisedDifference(CARS.automatic, CARS.manual, measure));
const carRanks = once(() => estimated(rankSum(CARS.automatic, CARS.manual)));

type Group = keyof typeof ANOREXIA;
const groups = ['Cont', 'CBT', 'FT'] as const;

/** One model for the three groups: the arm asked about is the treatment, the third group has a dummy of its own. */
const adjusted = (arm: Group, variance: VarianceForm) => {
  const observations = groups.flatMap((group) =>
    ANOREXIA[group].map(([value, last]) => ({
      value: last,
      before: value,
      arm: group === arm ? ('treatment' as const) : ('comparison' as const),
      covariates: [Number(group !== arm && group !== 'Cont')],
    })),
  );
  return estimated(ancova(observations, { variance }));
};
const gained = (arm: Group) => {
  const rows = groups.flatMap((group) => ANOREXIA[group].map(([first, last]) => ({ group, change: last - first })));
  return estimated(
    linearContrast({
      design: rows.map(({ group }) => [1, Number(group === 'CBT'), Number(group === 'FT')]),
      outcome: rows.map((row) => row.change),
      contrast: [0, Number(arm === 'CBT'), Number(arm === 'FT')],
      variance: 'classical',
    }),
  );
};
const summary = (group: Group) =>
  summariseChange(ANOREXIA[group].map(([first]) => first), ANOREXIA[group].map(([, last]) => last));
const ppc2 = (group: Group) => estimated(standardisedPrePostControl(summary('Cont'), summary(group))).estimate;
const pairedOf = (group: Group) =>
  estimated(pairedT(ANOREXIA[group].map(([first]) => first), ANOREXIA[group].map(([, last]) => last))).statistic;

const BH1995 = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
];

export const claims: readonly GoldenClaims[] = [
  {
    area: '1 effect',
    cases: {
      'sleep_paired.csv (R datasets::sleep; Student 1908)': {
        't paired (post-pre)': () => paired().statistic,
        df: () => paired().df,
        'p two-sided': () => paired().pValue,
        'mean diff': () => paired().estimate,
        'CI95 lo': () => paired().intervalLow,
        'CI95 hi': () => paired().intervalHigh,
        'Welch t': () => welch().statistic,
        'Welch df': () => welch().df,
        'Welch p': () => welch().pValue,
        'Welch CI lo': () => welch().intervalLow,
        'Welch CI hi': () => welch().intervalHigh,
        'Wilcoxon V': () => ranks(true).statistic,
        'Wilcoxon p normal+continuity+ties': () => ranks(true).pValue,
        'Wilcoxon p no continuity': () => ranks(false).pValue,
        'rank-sum W': () => estimated(rankSum(before, after)).statistic,
        'rank-sum p': () => estimated(rankSum(before, after)).pValue,
        'r pre-post': () => summariseChange(before, after).correlation,
        d_z: () => change('d-z').estimate,
        'd_z CI95 lo (noncentral t)': () => change('d-z').intervalLow,
        'd_z CI95 hi (noncentral t)': () => change('d-z').intervalHigh,
        d_rm: () => change('d-rm').estimate,
        'd_av (root mean square SD)': () => change('d-av-rms').estimate,
        'd_av (mean SD; Lakens)': () => change('d-av-mean').estimate,
        'Glass d pre SD': () => change('glass-before').estimate,
        'J(9) exact': () => hedgesCorrection(9),
        'J(9) approx': () => hedgesCorrectionApproximate(9),
        'J(18) exact': () => hedgesCorrection(18),
        g_z: () => change('smcc').estimate,
        'g_av (J9)': () => change('g-av').estimate,
        'SMCR yi': () => change('smcr').estimate,
        'SMCR vi': () => change('smcr').variance,
        'SMCC yi': () => change('smcc').estimate,
        'SMCC vi': () => change('smcc').variance,
        'independent g (SMD) yi': () => apart('g').estimate,
        'independent g vi (LS)': () => apart('g').variance,
        'independent d CI lo': () => apart('d').intervalLow,
        'independent d CI hi': {
          answer: () => apart('d').intervalHigh,
          sourceError: 4e-8,
          because: 'effectsize stops its search early: 30 digits give 1.73881689910673',
        },
      },
      'mtcars mpg by am (R datasets)': {
        'Welch t': () => carsWelch().statistic,
        'Welch df': () => carsWelch().df,
        'Welch p': () => carsWelch().pValue,
        'Cohen d pooled': () => cars('d').estimate,
        'd CI lo': () => cars('d').intervalLow,
        'd CI hi': () => cars('d').intervalHigh,
        'Hedges g': () => cars('g').estimate,
        'Glass delta (sd am0)': () => cars('glass').estimate,
        'd non-pooled': () => cars('d-unpooled').estimate,
        'rank-sum W': () => carRanks().statistic,
        'rank-biserial': () => carRanks().rankBiserial,
      },
    },
  },
  {
    area: '1 prepost+control',
    cases: {
      'anorexia_prepost.csv (MASS::anorexia; Hand et al. 1993)': {
        'ANCOVA Prewt': () => adjusted('CBT', 'classical').slopeBefore ?? Number.NaN,
        'ANCOVA CBT-Cont': () => adjusted('CBT', 'classical').estimate,
        SE: () => adjusted('CBT', 'classical').standardError,
        p: () => adjusted('CBT', 'classical').pValue,
        'CI lo': () => adjusted('CBT', 'classical').intervalLow,
        'CI hi': () => adjusted('CBT', 'classical').intervalHigh,
        'ANCOVA FT-Cont': () => adjusted('FT', 'classical').estimate,
        'SE FT': () => adjusted('FT', 'classical').standardError,
        'HC2 SE CBT': () => adjusted('CBT', 'hc2').standardError,
        'HC3 SE CBT': () => adjusted('CBT', 'hc3').standardError,
        'HC2 SE FT': () => adjusted('FT', 'hc2').standardError,
        'change-score CBT-Cont': () => gained('CBT').estimate,
        'SE change CBT': () => gained('CBT').standardError,
        'change-score FT-Cont': () => gained('FT').estimate,
        'd_ppc2 CBT (exact J)': () => ppc2('CBT'),
        'd_ppc2 FT (exact J)': () => ppc2('FT'),
        'paired t CBT': () => pairedOf('CBT'),
        'paired t FT': () => pairedOf('FT'),
      },
    },
  },
  {
    area: '1 multiplicity',
    cases: {
      'BH1995 p=.0001 .0004 .0019 .0095 .0201 .0278 .0298 .0344 .0459 .324 .4262 .5719 .6528 .759 1': {
        holm: () => holm(BH1995),
        BH: () => benjaminiHochberg(BH1995),
      },
    },
  },
];
