import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { forbiddenWordsIn } from '../claims/words.js';
import { estimated } from '../golden/golden-rows.fixture.js';
import { trialReport, type Trial, type TrialPerson } from './trial-report.js';

/** Enos (2014), PNAS, as a programme folder; it stands beside the project, so its numbers are asserted here. */
const FOLDER = join(import.meta.dirname, '../../../../../shared/data/trial-enos-2014');
const present = existsSync(FOLDER);
const suite = present || process.env['CI'] ? describe : describe.skip;

const rowsOf = (file: string) =>
  parse<Record<string, string>>(readFileSync(join(FOLDER, file)), { columns: true });

const readTrial = (): Trial => {
  const answers = new Map<string, Record<string, number>>();
  for (const { round = '', participant = '', item = '', value } of rowsOf('responses.csv')) {
    const key = `${round.replace('enos-2014-', '')} ${participant}`;
    answers.set(key, { ...answers.get(key), [item]: Number(value) });
  }
  return {
    assignment: 'randomised',
    wave: 'post',
    seed: 1,
    items: rowsOf('instrument.csv').map((row) => ({
      item: row['item'] ?? '',
      minimum: Number(row['minimum']),
      maximum: Number(row['maximum']),
      higherIs: row['higher_is'] === 'worse' ? ('worse' as const) : ('better' as const),
    })),
    people: rowsOf('participants.csv').map(
      (row): TrialPerson => ({
        arm: row['arm'] === 'treatment' ? 'treatment' : 'comparison',
        cluster: row['cluster'] ?? '',
        // The lot was drawn between two trains of a station; the cluster is line_station_train.
        stratum: row['cluster']?.split('_')[1] ?? '',
        covariates: [Number(row['stratum']) || 0],
        before: answers.get(`baseline ${row['participant']}`) ?? {},
        after: answers.get(`post ${row['participant']}`) ?? {},
      }),
    ),
  };
};

suite(`a real contact trial, in one call${present ? '' : ` (skipped: ${FOLDER} is absent)`}`, () => {
  it.each([
    ['numberim', 115, -0.046875, 0.029412, 0.076287, 0.033477, 9.185, 0.089812571, 0.0078125],
    ['remain', 118, -0.030769, 0.051887, 0.082656, 0.042359, 9.183, 0.072731544, 0.01953125],
    ['english', 118, -0.023077, 0.009434, 0.032511, 0.036073, 9.183, 0.029912903, 0.28125],
  ])('gives the published figures of %s', (item, n, comparison, treatment, difference, error, df, adjusted, p) => {
    const row = trialReport(readTrial()).find((one) => one.item === item);
    if (!row) throw new Error(`no row of ${item}`);
    const estimate = estimated(row.estimate);
    if (!('meanComparison' in estimate)) throw new Error('one group only');
    expect(estimate.observations).toBe(n);
    expect(estimate.meanComparison).toBeCloseTo(comparison, 6);
    expect(estimate.meanTreatment).toBeCloseTo(treatment, 6);
    expect(estimate.estimate).toBeCloseTo(difference, 6);
    expect(estimate.standardError).toBeCloseTo(error, 6);
    expect(estimate.df).toBeCloseTo(df, 3);
    const lot = estimated(row.lot);
    expect(lot).toMatchObject({ method: 'randomisation-exact', assignments: 256, strata: 8, units: 16 });
    expect(lot.statistic).toBeCloseTo(adjusted, 8);
    expect(lot.pGreater).toBeCloseTo(p, 10);
  });

  it('says harm, and says of the others that it may be nothing', () => {
    const [numberim, remain, english] = trialReport(readTrial());
    expect(numberim?.claimed).toMatchObject({ rung: 5, side: 'harmful' });
    expect(numberim?.claimed.sentence).toMatch(/^Effect on numberim at post: \+0\.076 .* This is harm/);
    for (const row of [remain, english]) expect(row?.claimed.sentence).toContain('may be nothing');
  });

  it('falls to "change" by itself without the comparison arm', () => {
    const trial = readTrial();
    const alone = { ...trial, people: trial.people.filter(({ arm }) => arm === 'treatment') };
    for (const { item, claimed, lot } of trialReport(alone)) {
      expect(claimed.rung).toBe(2);
      expect(claimed.sentence).toMatch(new RegExp(`^Change in ${item} from baseline to post`));
      expect(forbiddenWordsIn(2, claimed.sentence)).toEqual([]);
      expect(lot).toEqual({ estimable: false, because: 'not-identified' });
    }
  });
});
