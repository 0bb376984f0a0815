import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Facts } from '@common-ground/contracts';
import { EVERYTHING } from '@common-ground/kernel';
import type { DeliveredFact } from '@common-ground/messaging';
import { createDataSource, Database, type Transaction } from '@common-ground/persistence';
import { type FreshDatabase, freshDatabase } from '@common-ground/testing';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { gatewayMigrations } from '../../migrations/index.js';
import { PORTFOLIO_TABLES } from '../portfolio.migrations.js';
import { FoldByHand } from './fold-by-hand.fixture.js';
import { PORTFOLIO_PROJECTION } from './portfolio-projection.js';
import { handlersFor } from './projection.js';

let fresh: FreshDatabase;
let source: DataSource;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase({ service: 'gateway', migrations: gatewayMigrations });
  source = await createDataSource(fresh.app, []).initialize();
  database = new Database(source);
});
afterAll(async () => {
  await source?.destroy();
  await fresh?.drop();
});

type Told = { readonly type: string; readonly data: unknown };

const uuid = (kind: number, index: number): string => `00000000-0000-4000-8000-${String(kind * 1_000 + index).padStart(12, '0')}`;
const intervention = fc.nat(1);
const month = fc.constantFrom('2025-03', '2025-04', '2025-05');
const side = fc.constantFrom('host', 'migrant');
const seen = fc.nat(5);
/** Everything about one thing stays with its intervention, as keys do. */
const thing = (kind: number, index: number, of: number) => ({ mission: 'PE', interventionId: uuid(1, of), id: uuid(kind, of * 100 + index) });

const activity = fc
  .record({
    of: intervention, index: fc.nat(2), month, day: fc.integer({ min: 1, max: 28 }),
    name: fc.constantFrom('ActivityPlanned', 'ActivityRescheduled', 'ActivityCancelled', 'ActivityUnrecorded', 'ActivityDidNotHappen', 'ActivityHeld', 'ActivityHeld', 'ActivityCorrected', 'ActivityCorrected'),
    outcome: fc.constantFrom('held', 'did-not-happen'),
    cut: fc.nat(4),
    roster: fc.array(fc.record({ who: fc.nat(3), side, status: fc.constantFrom('present', 'present', 'absent') }), { maxLength: 6 }),
    conditions: fc.record({ equalStatus: seen, commonGoal: seen, cooperation: seen, supportOfAuthorities: seen }),
  })
  .map(({ of, index, month: inMonth, day, name, outcome, cut, roster, conditions }): Told => {
    const { id, ...where } = thing(2, index, of);
    const timed = ['ActivityPlanned', 'ActivityRescheduled', 'ActivityHeld', 'ActivityCorrected'].includes(name);
    const entries = roster.map(({ who, side: on, status }) => ({ participantId: uuid(3, of * 100 + who), side: on, status }));
    // As scheduling tells them: people who are there are in one group each.
    const present = [...new Set(entries.filter(({ status }) => status === 'present').map(({ participantId }) => participantId))];
    const groups = [present.slice(0, cut), present.slice(cut)].filter((group) => group.length > 0).map((participantIds, at) => ({ name: String(at), participantIds }));
    const recorded = name === 'ActivityHeld' || (name === 'ActivityCorrected' && outcome === 'held');
    return {
      type: `commonground.scheduling.v1.${name}`,
      data: {
        ...where, activityId: id, month: inMonth, ...(timed ? { startsAt: new Date(`${inMonth}-${String(day).padStart(2, '0')}T10:00:00Z`) } : {}), ...(name === 'ActivityCorrected' ? { outcome } : {}),
        ...(recorded ? { conditions, roster: entries, groups } : {}),
      },
    };
  });

const groupPlan = fc.record({ of: intervention, index: fc.nat(2), roles: fc.array(fc.record({ side, role: fc.constantFrom('leader', 'notetaker') }), { maxLength: 4 }) }).map(({ of, index, roles }): Told => {
  const { id, ...where } = thing(2, index, of);
  return { type: Facts.GroupsFormed.type, data: { ...where, activityId: id, groups: [{ roles }] } };
});

const participant = fc.record({ of: intervention, who: fc.nat(3), side, enrolled: fc.boolean() }).map(({ of, who, side: on, enrolled }): Told => {
  const { id, ...where } = thing(3, who, of);
  return { type: (enrolled ? Facts.ParticipantEnrolled : Facts.ParticipantWithdrawn).type, data: { ...where, participantId: id, ...(enrolled ? { side: on } : {}) } };
});

const answer = fc.record({ of: intervention, round: fc.nat(2), respondent: fc.constantFrom('r1', 'r2', 'r3'), answersInRound: fc.integer({ min: 1, max: 9 }) }).map(({ of, round, respondent, answersInRound }): Told => {
  const { id, ...where } = thing(4, round, of);
  return { type: Facts.SurveySubmitted.type, data: { ...where, roundId: id, respondent, answersInRound, wave: round === 0 ? 'baseline' : 'post' } };
});

const estimate = fc.record({ of: intervention, item: fc.constantFrom('trust', 'ease'), revision: fc.integer({ min: 1, max: 4 }), n: fc.nat(200) }).map(({ of, item, revision, n }): Told => {
  const { id, ...where } = thing(5, 0, of);
  return { type: Facts.OutcomeEstimated.type, data: { ...where, instrumentId: id, item, wave: 'post', revision, n } };
});

const flag = fc.record({ of: intervention, index: fc.nat(1), name: fc.constantFrom('RiskFlagged', 'RiskFlagged', 'RiskAcknowledged', 'RiskResolved', 'RiskDismissed'), severity: fc.integer({ min: 1, max: 25 }) }).map(({ of, index, name, severity }): Told => {
  const { id, ...where } = thing(6, index, of);
  return { type: `commonground.risk.v1.${name}`, data: { ...where, flagId: id, ...(name === 'RiskFlagged' ? { rule: `rule ${index}`, status: 'open', severity } : {}) } };
});

const facts = fc.array(fc.oneof({ weight: 8, arbitrary: activity }, { weight: 2, arbitrary: groupPlan }, { weight: 3, arbitrary: participant }, { weight: 2, arbitrary: answer }, { weight: 1, arbitrary: estimate }, { weight: 1, arbitrary: flag }), { maxLength: 40 });

const topicOf = ({ type }: Told): string => type.split('.')[1] ?? '';
const delivered = ({ type, data }: Told): DeliveredFact => ({
  type, data, id: uuid(9, 1), source: 'test', time: new Date(0), key: 'k', subject: 's', sequence: 1, mission: 'PE', quiet: false, delivery: { replayed: false, quiet: false, topic: '', partition: 0, position: 1n },
});

/** Folds pieces as a consumer would: one transaction a piece, facts of a topic in their order. */
const fold = async (model: number, told: readonly Told[], sizes: readonly number[]): Promise<void> => {
  const handlers = handlersFor(model, PORTFOLIO_PROJECTION);
  for (const topic of ['registry', 'scheduling', 'evaluation', 'risk']) {
    const own = told.filter((one) => topicOf(one) === topic);
    const handler = handlers.find(({ types }) => types.some((type) => topicOf({ type, data: undefined }) === topic));
    for (let start = 0, piece = 0; start < own.length; piece += 1) {
      const size = sizes[piece % sizes.length] ?? 1;
      await database.run(EVERYTHING, (tx) => handler?.handle(own.slice(start, start + size).map(delivered), tx) ?? Promise.resolve());
      start += size;
    }
  }
};

/** Every row of every table, the model's number apart. */
const everything = async (tx: Transaction, model: number): Promise<unknown[]> => {
  const tables: unknown[] = [];
  for (const table of PORTFOLIO_TABLES) tables.push([table, await tx.query(`SELECT to_jsonb(t) - 'model' AS row FROM ${table} t WHERE model = $1 ORDER BY (to_jsonb(t) - 'model')::text`, [model])]);
  return tables;
};

const shown = async (tx: Transaction, model: number): Promise<Record<string, unknown[]>> => ({
  months: await tx.query(
    `SELECT intervention_id AS intervention, month, planned, held, unrecorded, did_not_happen, cancelled, (extract(epoch FROM first_held_at) * 1000)::float8 AS first, (extract(epoch FROM last_held_at) * 1000)::float8 AS last,
       ARRAY[equal_status_sum, common_goal_sum, cooperation_sum, support_sum] AS sums, ARRAY[equal_status_n, common_goal_n, cooperation_n, support_n] AS counts FROM portfolio_month WHERE model = $1`,
    [model],
  ),
  reach: await tx.query('SELECT intervention_id AS intervention, side, enrolled, reached FROM portfolio_reach WHERE model = $1', [model]),
  participants: await tx.query('SELECT participant_id AS participant, intervention_id AS intervention, side, withdrawn FROM portfolio_participant WHERE model = $1', [model]),
  waves: await tx.query('SELECT intervention_id AS intervention, wave, respondents, answers FROM portfolio_wave WHERE model = $1', [model]),
  estimates: await tx.query(`SELECT intervention_id AS intervention, item, wave, revision, (estimate ->> 'n')::integer AS n FROM portfolio_estimate WHERE model = $1`, [model]),
  mixing: await tx.query('SELECT intervention_id AS intervention, month, activities, groups, cross_pairs, one_sided, pairs_met FROM portfolio_mixing WHERE model = $1 AND activities > 0', [model]),
  sides: await tx.query('SELECT intervention_id AS intervention, month, side, people, leads, roles FROM portfolio_side_month WHERE model = $1', [model]),
  flags: await tx.query('SELECT flag_id AS flag, rule, status, severity FROM portfolio_flag WHERE model = $1', [model]),
});

const inOrder = (tables: Record<string, readonly unknown[]>): Record<string, string[]> => Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.map((row) => JSON.stringify(Object.entries(row as object).sort())).sort()]));

describe('the fold of the portfolio', () => {
  it('comes out as counted by hand, and the same one by one, in any pieces and all at once', async () => {
    let model = 0;
    await fc.assert(
      fc.asyncProperty(facts, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }), async (told, sizes) => {
        const [single, pieces, whole] = [(model += 1), (model += 1), (model += 1)];
        await fold(single, told, [1]);
        await fold(pieces, told, sizes);
        await fold(whole, told, [1_000]);
        const byHand = new FoldByHand();
        for (const one of told) byHand.tell(one);
        await database.read(EVERYTHING, async (tx) => {
          const expected = await everything(tx, single);
          expect(await everything(tx, pieces)).toEqual(expected);
          expect(await everything(tx, whole)).toEqual(expected);
          expect(inOrder(await shown(tx, whole))).toEqual(inOrder(byHand.tables()));
        });
      }),
      { numRuns: 60 },
    );
  });
});
