import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { twoArmDifference, type ArmObservation } from './two-arm-difference.js';

/** Enos (2014), PNAS; the data stand beside the project, not in it (their licence), so the numbers are asserted here. */
const FILE = join(import.meta.dirname, '../../../../../shared/data/enos2014_train_contact_rct.csv');
const present = existsSync(FILE);
const suite = present || process.env['CI'] ? describe : describe.skip;

/** Changes on the 0 to 1 scale of those who answered both waves. */
const changes = (before: string, after: string, without?: string): ArmObservation[] => {
  const rows = parse<Record<string, string>>(readFileSync(FILE), { columns: true });
  return rows
    .filter((row) => row['station'] !== without && row[before] !== 'NA' && row[after] !== 'NA')
    .map((row) => ({
      value: (Number(row[after]) - Number(row[before])) / 4,
      arm: row['treatment'] === '1' ? 'treatment' : 'comparison',
      cluster: row['treated_unit'] ?? '',
    }));
};

const estimated = (observations: ArmObservation[]) => {
  const result = twoArmDifference(observations);
  if (!result.estimable) throw new Error(result.because);
  return result;
};

suite(`a contact trial on commuter platforms${present ? '' : ` (skipped: ${FILE} is absent)`}`, () => {
  it.each([
    [
      'numberim',
      'numberim.x',
      'numberim.y',
      115,
      -0.046875,
      0.0762867647058821,
      0.0334767804995304,
      9.18452041467802,
    ],
    [
      'remain',
      'Remain.x',
      'Remain.y',
      118,
      -0.030769,
      0.082656023222061,
      0.0423594399964468,
      9.18348487936971,
    ],
    [
      'english',
      'Englishlan.x',
      'Englishlan.y',
      118,
      -0.023077,
      0.032510885341074,
      0.0360727970765125,
      9.18348487936971,
    ],
  ])(
    'meets clubSandwich on %s with all stations',
    (_, before, after, n, comparison, difference, standardError, df) => {
      const result = estimated(changes(before, after));
      expect(result.observations).toBe(n);
      expect(result.meanComparison).toBeCloseTo(comparison, 6);
      expect(result.estimate).toBeCloseTo(difference, 10);
      expect(result.standardError).toBeCloseTo(standardError, 10);
      expect(result.df).toBeCloseTo(df, 8);
    },
  );

  it.each([
    ['numberim', 'numberim.x', 'numberim.y', 106, 0.08258929, 0.03558591, 8.5789, 0.046765],
    ['Remain', 'Remain.x', 'Remain.y', 109, 0.07054196, 0.04663762, 8.67014, 0.165954],
    ['Englishlan', 'Englishlan.x', 'Englishlan.y', 109, 0.02875874, 0.03731181, 8.67014, 0.461331],
  ])(
    'meets the published subset of 16 clusters on %s',
    (_, before, after, n, difference, standardError, df, p) => {
      const result = estimated(changes(before, after, 'Dedham Corp Center'));
      expect(result).toMatchObject({ observations: n, clusters: 16 });
      expect(result.estimate).toBeCloseTo(difference, 7);
      expect(result.standardError).toBeCloseTo(standardError, 7);
      expect(result.df).toBeCloseTo(df, 4);
      expect(result.pValue).toBeCloseTo(p, 5);
    },
  );
});
