import { describe, expect, it } from '@jest/globals';
import { estimated } from '../golden/golden-rows.fixture.js';
import { trialReport, type Trial, type TrialPerson } from './trial-report.js';

/** Twelve schools, half of them drawn; who was there trusts less afterwards, by about one point of four. */
const schools: Trial = {
  assignment: 'randomised',
  wave: 'post',
  seed: 7,
  items: [
    { item: 'trust', minimum: 1, maximum: 5, higherIs: 'better' },
    { item: 'fear', minimum: 1, maximum: 5, higherIs: 'worse' },
  ],
  people: Array.from({ length: 72 }, (_, index): TrialPerson => {
    const school = index % 12;
    const treated = school % 2;
    const before = 3 + ((index * 5) % 2);
    const unsteady = Number((Math.floor(index / 12) ** 2 + school * 2) % 5 === 0);
    return {
      arm: treated ? 'treatment' : 'comparison',
      cluster: `school ${school}`,
      stratum: school < 6 ? 'north' : 'south',
      before: { trust: before, fear: 2 },
      after: index === 0 ? {} : { trust: before - treated + unsteady, fear: 2 + unsteady },
    };
  }),
};

describe('trialReport', () => {
  it('goes from a design to a sentence', () => {
    const [trust] = trialReport(schools);
    if (!trust) throw new Error('no row');
    const { standardError, df } = estimated(trust.estimate); // difference of changes, CR2 by school
    const { pTwoSided, assignments } = estimated(trust.lot); // every outcome of the lot: 20 x 20
    expect([standardError > 0, df > 4, pTwoSided < 0.05, assignments]).toEqual([true, true, true, 400]);
    expect(trust.claimed.rung).toBe(5);
    expect(trust.claimed.sentence).toMatch(/^Effect on trust at post: −0\.2.* This is harm/);

    const [watched] = trialReport({ ...schools, assignment: 'chosen' });
    expect(watched?.claimed.sentence).toMatch(/^Difference between arms in trust/);
    expect(watched?.claimed.caveats).toEqual(['not-randomised', 'parallel-change-untested']);

    const [alone] = trialReport({ ...schools, people: schools.people.filter(({ arm }) => arm === 'treatment') });
    expect(alone?.claimed.sentence).toMatch(/^Change in trust from baseline to post/);
  });

  it('adjusts over the items, and counts who answered both waves', () => {
    const rows = trialReport(schools);
    const [trust, fear] = rows.map(({ estimate }) => estimated(estimate));
    expect(trust?.observations).toBe(71);
    expect(rows[0]?.adjustedPValue).toBeCloseTo(2 * (trust?.pValue ?? 1), 12);
    expect(rows[1]?.adjustedPValue).toBeGreaterThanOrEqual(fear?.pValue ?? 0);
    expect(rows[0]?.claimed.design.attrition?.overall).toBeCloseTo(1 / 72, 12);
  });

  it('has a sentence where the data carry no figure, and refuses a scale without width', () => {
    const still = { ...schools, people: schools.people.map((one) => ({ ...one, after: one.before })) };
    for (const row of trialReport(still)) {
      expect(row.estimate).toEqual({ estimable: false, because: 'no-variation' });
      expect(row.claimed.sentence).toMatch(/^No estimate for/);
      expect(row.adjustedPValue).toBeUndefined();
    }
    const flat = { ...schools, items: [{ item: 'trust', minimum: 5, maximum: 5, higherIs: 'better' as const }] };
    expect(() => trialReport(flat)).toThrow('the maximum of trust must be above its minimum 5, not 5');
  });
});
