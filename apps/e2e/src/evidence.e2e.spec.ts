import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { type EmbeddedUnderTest, startEmbedded } from './platform-under-test/embedded.js';
import { Person } from './verify-trial/person.js';

const FILE = join(import.meta.dirname, '../../../../shared/data/contact_rct27_paluck2019.csv');
const present = existsSync(FILE);
const suite = present || process.env['CI'] ? describe : describe.skip;

const RECORD = 'mutation($input: RecordExternalStudiesInput!) { recordExternalStudies(input: $input) { studies { id name } errors { code message path } } }';
const FIGURE = 'estimate standardError intervalLow intervalHigh pValue df';
const ASK = `query($question: EvidenceQuestion) { evidenceSynthesis(question: $question) {
  leftOut { study because }
  pools {
    claim method k because sentence side
    pooled { ${FIGURE} } heterogeneity { tau2 tau2Low tau2High q qDf qPValue i2 i2Low i2High h2 }
    predictions { convention low high df } sensitivity { tau2Method tau2 figure { ${FIGURE} } }
    studies { study interventionId estimate variance intervalLow intervalHigh weight shrunken }
    moderation { k because fewStudies r2 residualTau2 omnibusPValue intercept { ${FIGURE} } moderators { name permutationPValue figure { ${FIGURE} } } }
    groups { category because interactionPValue groups { group k figure { ${FIGURE} } } }
    threeLevel { clusters varianceBetween varianceWithin figure { ${FIGURE} } } } } }`;

type Figure = { readonly estimate: number; readonly intervalLow: number; readonly intervalHigh: number; readonly df: number | null };
type Pool = {
  readonly claim: string;
  readonly k: number;
  readonly sentence: string;
  readonly pooled: Figure;
  readonly predictions: readonly { readonly convention: string; readonly low: number; readonly high: number }[];
  readonly sensitivity: readonly { readonly tau2Method: string; readonly figure: Figure }[];
  readonly studies: readonly { readonly study: string; readonly interventionId: string | null; readonly weight: number }[];
  readonly moderation: { readonly k: number; readonly moderators: readonly { readonly figure: Figure; readonly permutationPValue: number | null }[] };
  readonly groups: { readonly groups: readonly { readonly group: string; readonly k: number }[] };
};
type Recorded = { readonly recordExternalStudies: { readonly studies: readonly { readonly id: string }[] | null; readonly errors: readonly { readonly code: string; readonly path: readonly string[] }[] } };

suite(`evidence from 27 contact trials${present ? '' : ` (skipped: ${FILE} is absent)`}`, () => {
  let platform: EmbeddedUnderTest;
  let analyst: Person;
  beforeAll(async () => {
    platform = await startEmbedded();
    analyst = await Person.signIn(platform, 'hq-analyst');
  });
  afterAll(() => platform?.close());

  const trials = () =>
    parse<Record<string, string>>(readFileSync(FILE), { columns: true }).map((row) => ({
      id: randomUUID(), name: row['name_short'], year: Number(row['pub_date']), source: 'https://doi.org/10.1017/bpp.2018.25',
      assignment: 'RANDOMISED', unit: 'PERSON', waves: 2, nTreatment: Number(row['n_t']), nComparison: Number(row['n_c']),
      estimate: Number(row['d']), variance: Number(row['var_d']),
      moderators: [{ name: 'preregistered', value: Number(row['p_a_p']) }],
      categories: [{ name: 'target', value: row['target_spelled_out'] }],
    }));
  const record = async (person: Person, input: object) => (await person.ask<Recorded>(RECORD, { input })).recordExternalStudies;
  const ask = async (person: Person, question: object): Promise<readonly Pool[]> => (await person.ask<{ evidenceSynthesis: { pools: readonly Pool[] } }>(ASK, { question })).evidenceSynthesis.pools;

  it('is recorded once by headquarters, and by nobody who answers for one mission', async () => {
    const input = { commandId: randomUUID(), studies: trials() };
    const officer = await Person.signIn(platform, 'mission-officer-pe');
    expect((await record(officer, input)).errors).toMatchObject([{ code: expect.any(String) }]);
    const [first, again] = [await record(analyst, input), await record(analyst, input)];
    expect(first).toMatchObject({ errors: [], studies: input.studies.map(({ id, name }) => ({ id, name })) });
    expect(again).toEqual(first);
    expect((await record(analyst, { commandId: randomUUID(), studies: trials() })).errors).toMatchObject([{ code: 'STUDY_TAKEN', path: ['studies'] }]);
    expect((await record(analyst, { commandId: randomUUID(), studies: [{ ...trials()[0], variance: 0 }] })).errors).toMatchObject([{ code: 'NUMBER_INVALID', path: ['studies', '0', 'variance'] }]);
  });

  it('is pooled in one read as metafor pools it, and says that a new project may do harm', async () => {
    const pools = await ask(analyst, { withoutOwn: true, moderators: ['preregistered'], category: 'target' });
    expect(pools).toHaveLength(1);
    const [pool] = pools as [Pool];
    expect(pool).toMatchObject({ claim: 'effect', k: 27, moderation: { k: 27 } });
    const near = (value: number | undefined, expected: number): void => expect(value).toBeCloseTo(expected, 5);
    near(pool.pooled.estimate, 0.401925);
    near(pool.pooled.intervalLow, 0.197383);
    near(pool.pooled.intervalHigh, 0.606467);
    expect(pool.pooled.df).toBe(26);
    near(pool.sensitivity.find(({ tau2Method }) => tau2Method === 'DL')?.figure.estimate, 0.392531);
    const next = pool.predictions.find(({ convention }) => convention === 'hksj');
    near(next?.low, -0.530289);
    near(next?.high, 1.334139);
    near(pool.moderation.moderators[0]?.figure.estimate, -0.422289);
    expect(pool.groups.groups.find(({ group }) => group === 'race')?.k).toBe(11);
    expect(pool.studies.every(({ interventionId, weight }) => interventionId === null && weight > 0)).toBe(true);
    expect(pool.sentence).toContain('on the harmful side as well');
    const [dl] = await ask(analyst, { withoutOwn: true, tau2Method: 'DL', test: 'Z' });
    near(dl?.pooled.estimate, 0.392531);
    expect(dl?.pooled.df).toBeNull();
  });
});
