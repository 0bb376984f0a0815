import { linearContrast, type VarianceForm } from '../cluster-robust/linear-contrast.js';
import { twoArmDifference, type ArmObservation } from '../cluster-robust/two-arm-difference.js';
import { differenceInDifferences, type PersonWave } from '../difference/difference-in-differences.js';
import { welchT } from '../difference/welch-t.js';
import { randomisationTest } from '../randomisation/randomisation-test.js';
import { estimated, once, readDataSet, type GoldenClaims } from './golden-rows.fixture.js';

type Row = Readonly<Record<string, string>>;
const number = (row: Row, name: string): number => Number(row[name]);
const known = (row: Row, name: string): boolean => row[name] !== undefined && row[name] !== 'NA' && row[name] !== '';

const stores = once(() => readDataSet('card_krueger_fte.csv'));
const bothWaves = once(() => stores().filter((row) => known(row, 'fte_pre') && known(row, 'fte_post')));

const wavesOf = (rows: readonly Row[], covariates: readonly string[] = []): PersonWave[] =>
  rows.flatMap((row) =>
    (['before', 'after'] as const).flatMap((wave): PersonWave[] => {
      const column = wave === 'before' ? 'fte_pre' : 'fte_post';
      if (!known(row, column)) return [];
      return [
        {
          person: row['store'] ?? '',
          arm: row['nj'] === '1' ? 'treatment' : 'comparison',
          wave,
          value: number(row, column),
          covariates: covariates.map((name) => number(row, name)),
        },
      ];
    }),
  );
const did = (rows: readonly Row[], variance: VarianceForm = 'cr2', covariates: readonly string[] = []) =>
  estimated(differenceInDifferences(wavesOf(rows, covariates), { variance }));
const within = once(() => estimated(differenceInDifferences(wavesOf(bothWaves()), { fixedEffects: 'person' })));
const changed = (nj: string): number[] =>
  bothWaves().flatMap((row) => (row['nj'] === nj ? [number(row, 'fte_post') - number(row, 'fte_pre')] : []));
const welch = once(() => estimated(welchT(changed('0'), changed('1'))));
const CHAINS = ['kfc', 'roys', 'wendys', 'co_owned'];

const ENOS = 'enos2014_train_contact_rct.csv (Enos 2014 PNAS; repeated attitude 5-pt rescaled 0-1)';

/** The published subset: stations where both trains have answers, hence without Dedham. */
const commuters = (item: string) =>
  readDataSet('enos2014_train_contact_rct.csv')
    .filter((row) => row['station'] !== 'Dedham Corp Center' && known(row, `${item}.x`) && known(row, `${item}.y`))
    .map((row) => ({
      value: (number(row, `${item}.y`) - number(row, `${item}.x`)) / 4,
      arm: row['treatment'] === '1' ? ('treatment' as const) : ('comparison' as const),
      cluster: row['treated_unit'] ?? '',
      stratum: row['station'] ?? '',
      covariates: [number(row, 'line.x')],
    }));

const contactTrial = (item: string, published: string): Record<string, () => number> => {
  const people = once(() => commuters(item));
  const cr2 = once(() => estimated(twoArmDifference(people() satisfies ArmObservation[])));
  const cr1 = () =>
    estimated(
      linearContrast({
        design: people().map(({ arm }) => [1, Number(arm === 'treatment')]),
        outcome: people().map(({ value }) => value),
        clusters: people().map(({ cluster }) => cluster),
        contrast: [0, 1],
        variance: 'cr1',
      }),
    );
  const lot = once(() => estimated(randomisationTest(people(), { seed: 1 })));
  return {
    N: () => people().length,
    'diff in change': () => cr2().estimate,
    'CR1 SE (train)': () => cr1().standardError,
    'CR2 SE (train)': () => cr2().standardError,
    'CR2 df': () => cr2().df,
    'CR2 p': () => cr2().pValue,
    [`ATE line-adjusted; published ${published}`]: () => lot().statistic,
    'exact RI p one-sided (2^8 assignments)': () => lot().pGreater,
  };
};

const men = once(() => readDataSet('nsw_dw_lalonde.csv'));
const earnings = (treat: string): number[] =>
  men().flatMap((row) => (Number(row['treat']) === Number(treat) ? [number(row, 're78')] : []));
const classical = once(() =>
  estimated(
    linearContrast({
      design: men().map((row) => [1, number(row, 'treat')]),
      outcome: men().map((row) => number(row, 're78')),
      contrast: [0, 1],
      variance: 'classical',
    }),
  ),
);
const cps = { needs: 'the 15,992 people of CPS-1, which the folder does not hold' };

export const claims: readonly GoldenClaims[] = [
  {
    area: '1 DiD',
    cases: {
      'card_krueger_fte.csv (Card & Krueger 1994 via njmin3)': {
        'mean PA pre': () => did(stores()).means.comparison.before,
        'mean NJ pre': () => did(stores()).means.treatment.before,
        'mean PA post': () => did(stores()).means.comparison.after,
        'mean NJ post': () => did(stores()).means.treatment.after,
        'DiD all obs': () => did(stores()).estimate,
        'OLS SE': () => did(stores(), 'classical').standardError,
        'HC1 SE': () => did(stores(), 'hc1').standardError,
        'CR1 SE (store)': () => did(stores(), 'cr1').standardError,
        'CR2 SE (store)': () => did(stores()).standardError,
        'CR2 df Satt': () => did(stores()).df,
        'CR2 p': () => did(stores()).pValue,
        'DiD balanced n=384 (published 2.75)': () => did(bothWaves()).estimate,
        'Welch SE = CR2 SE (published 1.34)': () => welch().standardError,
        'Welch df': () => welch().df,
        'balanced CR2 df Satt': () => within().df,
        'DiD + chain/co_owned': () => did(stores(), 'cr2', CHAINS).estimate,
        'DiD + chain/co_owned/region': () => did(stores(), 'cr2', [...CHAINS, 'southj', 'centralj', 'pa1']).estimate,
      },
    },
  },
  {
    area: '1 cluster RCT',
    cases: {
      [`${ENOS} numberim`]: contactTrial('numberim', '.09 (p .008)'),
      [`${ENOS} Remain`]: contactTrial('Remain', '.073 (p .016)'),
      [`${ENOS} Englishlan`]: contactTrial('Englishlan', '.03 (p .27)'),
    },
  },
  {
    area: '1 self-selection warning',
    cases: {
      'nsw_dw_lalonde.csv (Dehejia-Wahba)': {
        'experimental diff re78': () => classical().estimate,
        'OLS SE': () => classical().standardError,
        'Welch/Neyman SE': () => estimated(welchT(earnings('0'), earnings('1'))).standardError,
        'naive vs CPS-1 raw': cps,
        'naive SE': cps,
        'CPS-1 full covariates': cps,
        SE: cps,
        'DiD vs CPS-1 (re78-re75)': cps,
      },
    },
  },
];
