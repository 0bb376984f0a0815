import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EVERYTHING } from '@common-ground/kernel';
import { parse } from 'csv-parse/sync';
import { administrator, analyst, type EvaluationAtWork, evaluationAtWork, facilitatorOf, monitor, officerOf } from '../evaluation.fixture.js';
import { aStudy } from './evidence.fixture.js';
import { EvidenceService, type SynthesisRequest } from './evidence.service.js';
import { shownSynthesis } from './evidence.shown.js';

let evaluation: EvaluationAtWork;
let evidence: EvidenceService;
beforeAll(async () => {
  evaluation = await evaluationAtWork();
  evidence = new EvidenceService(evaluation.database, evaluation.clock);
});
afterAll(() => evaluation.stop());

const ask = async (change: Partial<SynthesisRequest> = {}, caller = analyst) =>
  shownSynthesis(
    await evidence.synthesise(
      { missions: [], interventionIds: [], items: [], waves: [], withoutOwn: false, withoutExternal: false, externalCategories: [], tau2Method: '', test: '', moderators: [], category: '', ...change },
      caller,
    ),
  );
const about = (set: string) => ({ withoutOwn: true, externalCategories: [{ name: 'set', value: set }] });
const ofSet = (set: string, change: Parameters<typeof aStudy>[0] = {}) => aStudy({ ...change, categories: [{ name: 'set', value: set }, ...(change.categories ?? [])] });

describe('studies from outside', () => {
  it('are recorded once, however often the command comes', async () => {
    const commandId = randomUUID();
    const studies = [ofSet('once'), ofSet('once')];
    const answers = await Promise.all(Array.from({ length: 4 }, () => evidence.record(commandId, studies, analyst)));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toEqual(studies.map((study) => ({ ...study, recordedAt: evaluation.clock.now() })));
    expect(await evaluation.count(`external_study WHERE study -> 'categories' @> '[{"name":"set","value":"once"}]'`)).toBe(2);
    await expect(evidence.record(commandId, [ofSet('once')], analyst)).rejects.toMatchObject({ code: 'COMMAND_ID_REUSED' });
  });

  it('are all recorded or none, and no id or name twice', async () => {
    const known = ofSet('taken');
    await evidence.record(randomUUID(), [known], administrator);
    for (const again of [{ ...ofSet('taken'), id: known.id }, { ...ofSet('taken'), name: known.name }])
      await expect(evidence.record(randomUUID(), [ofSet('taken'), again], administrator)).rejects.toMatchObject({ kind: 'conflict', code: 'STUDY_TAKEN' });
    expect(await evaluation.count(`external_study WHERE study -> 'categories' @> '[{"name":"set","value":"taken"}]'`)).toBe(1);
  });

  it('are recorded by who answers for all missions, and read under any scope but none', async () => {
    for (const caller of [officerOf('PE'), monitor, facilitatorOf('PE')]) await expect(evidence.record(randomUUID(), [aStudy()], caller)).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(ask({}, facilitatorOf('PE'))).rejects.toMatchObject({ kind: 'forbidden' });
    await evidence.record(randomUUID(), [ofSet('scope'), ofSet('scope')], analyst);
    expect((await ask(about('scope'), officerOf('TR'))).pools).toMatchObject([{ k: 2 }]);
    const read = (missions: readonly string[]) => evaluation.database.read({ missions, interventions: '*' }, (tx) => tx.query('SELECT id FROM external_study'));
    expect(await read([])).toEqual([]);
    const insert = (missions: readonly string[]) =>
      evaluation.database.run({ missions, interventions: '*' }, (tx) => tx.query(`INSERT INTO external_study VALUES (gen_random_uuid(), 'smuggled', '{}', now())`));
    await expect(insert(['PE'])).rejects.toThrow(/row-level security/);
  });

  it('are refused by field', async () => {
    const refused = async (change: Parameters<typeof aStudy>[0]) => {
      const error = await evidence.record(randomUUID(), [aStudy(), aStudy(change)], analyst).catch((thrown: unknown) => thrown as { refusals: { code: string; path: string[] }[] });
      return (error as { refusals: { code: string; path: readonly string[] }[] }).refusals.map(({ code, path }) => [code, path.join('.')]);
    };
    expect(await refused({ variance: 0 })).toEqual([['NUMBER_INVALID', 'studies.1.variance']]);
    expect(await refused({ estimate: Number.NaN, year: 20.5 })).toEqual([['NUMBER_INVALID', 'studies.1.year'], ['NUMBER_INVALID', 'studies.1.estimate']]);
    expect(await refused({ icc: 0.1 })).toEqual([['CLUSTERS_INCOMPLETE', 'studies.1.icc']]);
    expect(await refused({ unit: 'cluster' })).toEqual([['CLUSTERS_MISSING', 'studies.1.clustersTreatment']]);
    expect(await refused({ assignment: 'effect' })).toEqual([[expect.any(String), 'studies.1.assignment']]);
    expect(await refused({ moderators: [{ name: 'x', value: 1 }, { name: 'x', value: 2 }] })).toEqual([['NAME_TWICE', 'studies.1.moderators.1.name']]);
    await expect(evidence.record(randomUUID(), [], analyst)).rejects.toMatchObject({ code: 'STUDIES_MISSING' });
    const same = aStudy();
    await expect(evidence.record(randomUUID(), [same, { ...same, name: 'other' }], analyst)).rejects.toMatchObject({ refusals: [{ code: 'STUDY_TWICE', path: ['studies', '1', 'id'] }] });
  });
});

describe('a synthesis', () => {
  it('has one pool a claim, and the claim follows from designs', async () => {
    await evidence.record(
      randomUUID(),
      [
        ...[0.3, 0.5].map((estimate) => ofSet('mixed', { estimate })),
        ...[0.1, 0.2, 0.4].map((estimate) => ofSet('mixed', { estimate, assignment: 'chosen' })),
        ...[0.6, 0.7].map((estimate) => ofSet('mixed', { estimate, assignment: 'none', nComparison: 0 })),
        ofSet('mixed', { name: 'asked once', assignment: 'none', nComparison: 0, waves: 1 }),
      ],
      analyst,
    );
    const { pools, leftOut } = await ask(about('mixed'));
    expect(pools.map(({ claim, k }) => [claim, k])).toEqual([['effect', 2], ['adjusted-difference', 3], ['change', 2]]);
    expect(pools[2]?.sentence).toMatch(/^Pooled change of 2 studies: \+0\.65/);
    for (const pool of pools.slice(1)) expect(pool.sentence).not.toMatch(/effect|impact/i);
    expect(leftOut).toEqual([{ study: 'asked once', because: 'level-only' }]);
  });

  it('takes our own estimates in standard deviations, minds which way is good, and says what it left out', async () => {
    const interventionId = await evaluation.intervention('cluster-randomised', []);
    const result = { method: 'two-arm-change-cr2', higherIs: 'worse', n: 60, nTreatment: 30, nComparison: 30, clusters: 12, clustersTreatment: 6, clustersComparison: 6, attrition: 0.1, attritionTreatment: 0.1, attritionComparison: 0.1, standardised: 0.4, standardisedError: 0.2 };
    const told = [
      ['numberim', 'post', result],
      ['numberim', '6-months', { ...result, standardised: 0.2 }],
      ['remain', 'post', { ...result, standardised: undefined }],
      ['colour', 'post', { ...result, higherIs: 'neither' }],
    ] as const;
    await evaluation.database.run(EVERYTHING, async (tx) => {
      for (const [item, wave, figures] of told)
        for (const revision of [1, 2])
          await tx.query('INSERT INTO estimate (id, revision, mission, intervention_id, instrument_id, item, wave, result, estimated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, now())', [
            randomUUID(), revision, 'PE', interventionId, '00000000-0000-4000-8000-000000000001', item, wave, JSON.stringify(revision === 2 ? figures : { ...figures, standardised: 99 }),
          ]);
    });
    const { pools, leftOut } = await ask({ withoutExternal: true, interventionIds: [interventionId] });
    expect(pools).toMatchObject([{ claim: 'effect', k: 2, studies: [{ interventionId, estimate: -0.2 }, { interventionId, estimate: -0.4 }] }]);
    expect(pools[0]?.studies[1]?.variance).toBeCloseTo(0.04, 12);
    expect(leftOut.map(({ because }) => because).sort()).toEqual(['no-direction', 'no-standardised-estimate']);
    expect((await ask({ withoutExternal: true, interventionIds: [interventionId] }, officerOf('TR'))).pools).toEqual([]);
    const [post] = (await ask({ withoutExternal: true, interventionIds: [interventionId], waves: ['post'], items: ['numberim'] })).pools;
    expect(post).toMatchObject({ k: 1, because: 'too-few-studies', studies: [{ weight: 0 }] });
  });

  it('tells effects that depend on each other apart by three levels', async () => {
    await evidence.record(randomUUID(), [0.1, 0.3, 0.5, 0.7, 0.2].map((estimate, index) => ofSet('grouped', { estimate, group: index < 3 ? 'one project' : '' })), analyst);
    const [pool] = (await ask(about('grouped'))).pools;
    expect(pool?.threeLevel).toMatchObject({ clusters: 3, figure: { df: expect.any(Number) } });
    expect((await ask(about('mixed'))).pools[0]?.threeLevel).toBeUndefined();
  });

  it('asks moderators of studies that have them, and divides by a category', async () => {
    await evidence.record(
      randomUUID(),
      [0.1, 0.2, 0.35, 0.5, 0.62].map((estimate, index) => ofSet('moderated', { estimate, moderators: [{ name: 'hours', value: index }], categories: [{ name: 'mode', value: index % 2 ? 'sport' : 'arts' }] })),
      analyst,
    );
    await evidence.record(randomUUID(), [ofSet('moderated')], analyst);
    const [pool] = (await ask({ ...about('moderated'), moderators: ['hours'], category: 'mode' })).pools;
    expect(pool?.moderation).toMatchObject({ k: 5, because: '', fewStudies: true, moderators: [{ name: 'hours', permutationPValue: expect.any(Number) }] });
    expect(pool?.groups).toMatchObject({ category: 'mode', because: '', groups: [{ group: 'arts', k: 3 }, { group: 'sport', k: 2 }] });
    const [lacking] = (await ask({ ...about('moderated'), moderators: ['altitude'], category: 'colour' })).pools;
    expect([lacking?.moderation?.because, lacking?.groups?.because]).toEqual(['too-few-studies', 'too-few-studies']);
  });

  it('refuses what it cannot do, by field', async () => {
    await expect(ask({ tau2Method: 'XX' })).rejects.toMatchObject({ refusals: [{ path: ['tau2Method'] }] });
    await expect(ask({ test: 'guess' })).rejects.toMatchObject({ refusals: [{ path: ['test'] }] });
    await expect(ask({ moderators: ['a', 'a'] })).rejects.toMatchObject({ refusals: [{ code: 'NAME_TWICE' }] });
    await expect(ask({ interventionIds: ['no id'] })).rejects.toMatchObject({ refusals: [{ path: ['interventionIds', '0'] }] });
  });
});

const FILE = join(import.meta.dirname, '../../../../../shared/data/contact_rct27_paluck2019.csv');
const present = existsSync(FILE);
const suite = present || process.env['CI'] ? describe : describe.skip;

suite(`the 27 contact trials${present ? '' : ` (skipped: ${FILE} is absent)`}`, () => {
  it('pool as metafor pools them, and a new project may do harm', async () => {
    const rows = parse<Record<string, string>>(readFileSync(FILE), { columns: true });
    await evidence.record(
      randomUUID(),
      rows.map((row) =>
        ofSet('contact', {
          name: row['name_short'] ?? '',
          year: Number(row['pub_date']),
          estimate: Number(row['d']),
          variance: Number(row['var_d']),
          nTreatment: Number(row['n_t']),
          nComparison: Number(row['n_c']),
          moderators: [{ name: 'preregistered', value: Number(row['p_a_p']) }],
          categories: [{ name: 'target', value: row['target_spelled_out'] ?? '' }],
        }),
      ),
      analyst,
    );
    const { pools } = await ask({ ...about('contact'), moderators: ['preregistered'], category: 'target' });
    const [pool] = pools;
    expect(pools).toHaveLength(1);
    expect(pool).toMatchObject({ claim: 'effect', k: 27, side: 'helpful', method: 'random effects, REML, HKSJ' });
    const near = (value: number | undefined, expected: number): void => expect(value).toBeCloseTo(expected, 5);
    near(pool?.pooled?.estimate, 0.401925);
    near(pool?.pooled?.intervalLow, 0.197383);
    near(pool?.pooled?.intervalHigh, 0.606467);
    near(pool?.sensitivity.find(({ tau2Method }) => tau2Method === 'DL')?.figure?.estimate, 0.392531);
    const prediction = pool?.predictions.find(({ convention }) => convention === 'hksj');
    near(prediction?.low, -0.530289);
    near(prediction?.high, 1.334139);
    near(pool?.heterogeneity?.tau2, 0.195774);
    near(pool?.moderation?.moderators[0]?.figure?.estimate, -0.422289);
    expect(pool?.sentence).toContain('A new study may lie anywhere from −0.530 to +1.334, on the harmful side as well.');
    expect(pool?.studies.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
  });
});
