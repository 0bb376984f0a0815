import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { describeRefusal, importProgramme, readFolder } from '@common-ground/programme-folder';
import type { PlatformUnderTest } from '../platform-under-test/platform-under-test.js';
import { Person } from './person.js';

export type Verified = {
  readonly transport: string;
  readonly activitiesHeld: number;
  readonly participants: Readonly<Record<string, number | null>>;
  readonly answers: Readonly<Record<string, number | null>>;
  readonly items: readonly VerifiedItem[];
  readonly flags: readonly { readonly rule: string; readonly subject: string; readonly count: number }[];
  readonly alertsReceived: number;
  readonly secondsFromLastAnswerToAlert: number | null;
};

export type VerifiedItem = {
  readonly item: string;
  readonly n: number;
  readonly changeComparison: number;
  readonly changeTreatment: number;
  readonly difference: number;
  readonly standardError: number;
  readonly df: number;
  readonly intervalLow: number;
  readonly intervalHigh: number;
  readonly harmful: boolean;
  readonly method: string;
  readonly rung: number;
  readonly sentence: string;
};

type Alert = { readonly alertReceived: { readonly id: string; readonly rule: string; readonly subject: string } };
type Counted = { readonly value: number | null };
type Portfolio = {
  readonly portfolio: {
    readonly edges: readonly {
      readonly node: {
        readonly interventionId: string;
        readonly activities: { readonly planned: number; readonly held: number };
        readonly reach: { readonly bySide: readonly { readonly side: string; readonly enrolled: Counted }[] };
        readonly responsesByWave: readonly { readonly wave: string; readonly answers: number | null }[];
        readonly estimates: readonly VerifiedItem[];
        readonly openFlags: { readonly total: number };
      };
    }[];
  };
};
type Flags = { readonly riskFlags: { readonly edges: readonly { readonly node: { readonly rule: string; readonly subject: string; readonly evidenceCount: number } }[] } };

const PORTFOLIO = `query($missions: [String!]) { portfolio(filter: { missions: $missions }, first: 10) { edges { node {
  interventionId activities { planned held } reach { bySide { side enrolled { value } } } responsesByWave { wave answers }
  estimates { item n changeComparison changeTreatment difference standardError df intervalLow intervalHigh harmful method rung sentence } openFlags { total } } } } }`;
const FLAGS = 'query($missions: [String!]) { riskFlags(filter: { missions: $missions }, first: 50) { edges { node { rule subject evidenceCount } } } }';
const SUBSCRIBE = 'mutation($input: SubscribeToAlertsInput!) { subscribeToAlerts(input: $input) { errors { message } } }';

const PATIENCE_MS = 90_000;
/** Long enough for a straggler to show: another alert, another estimate. */
const SETTLED_MS = 3_000;

const spelt = (rule: string): string => rule.toLowerCase().replaceAll('_', '-');

/**
 * Does the main job as three people: a monitoring officer subscribes, an administrator imports the programme with alerts on,
 * an analyst at headquarters asks one portfolio query.
 */
export const verifyTrial = async (platform: PlatformUnderTest, folder: string, transport: string, say: (line: string) => void = () => undefined): Promise<Verified> => {
  const { programme, refusals } = await readFolder(folder);
  if (refusals.length > 0) throw new Error(`${refusals.length} rows of ${folder} are refused; the first: ${describeRefusal(refusals[0] as (typeof refusals)[number])}`);
  const missions = [...new Set(programme.interventions.map(({ mission }) => mission))];
  const [administrator, analyst, monitor] = await Promise.all(['administrator', 'hq-analyst', 'monitoring-officer'].map((name) => Person.signIn(platform, name))) as [Person, Person, Person];

  const received = new Map<string, { rule: string; at: number }>();
  await monitor.ask(SUBSCRIBE, { input: { commandId: randomUUID(), id: randomUUID(), channel: 'IN_APP' } });
  const listening = monitor.subscribe<Alert>('subscription { alertReceived { id rule subject } }', ({ alertReceived }) => {
    if (!received.has(alertReceived.id)) received.set(alertReceived.id, { rule: spelt(alertReceived.rule), at: Date.now() });
  });
  await pause(500);

  let lastAnswerAt = 0;
  say('importing');
  const summary = await importProgramme(administrator.importing, programme, (_done, _total, mutation) => {
    if (mutation === 'submitResponses') lastAnswerAt = Date.now();
  });
  if (summary.refusals.length > 0) throw new Error(`the platform refused ${summary.refusals.length} rows; the first: ${describeRefusal(summary.refusals[0] as (typeof summary.refusals)[number])}`);

  say('waiting for headquarters and monitoring to see it');
  const expected = {
    held: programme.activities.filter(({ status }) => status === 'held').length,
    answers: programme.responses.length,
    items: new Set(programme.items.map(({ item }) => item)).size,
  };
  const shown = await settled(async () => {
    const { portfolio } = await analyst.ask<Portfolio>(PORTFOLIO, { missions });
    const node = portfolio.edges[0]?.node;
    const answers = node?.responsesByWave.reduce((sum, wave) => sum + (wave.answers ?? 0), 0);
    return node && node.activities.held >= expected.held && answers === expected.answers && node.estimates.length >= expected.items ? node : undefined;
  });
  await settled(async () => ([...received.values()].some(({ rule }) => rule === 'outcome-worsened') || !shown.estimates.some(({ harmful }) => harmful) ? true : undefined));
  await pause(SETTLED_MS);
  const final = (await analyst.ask<Portfolio>(PORTFOLIO, { missions })).portfolio.edges[0]?.node ?? shown;
  const flags = (await monitor.ask<Flags>(FLAGS, { missions })).riskFlags.edges.map(({ node }) => ({ rule: spelt(node.rule), subject: node.subject, count: node.evidenceCount }));
  await listening.stop();

  const worsened = [...received.values()].find(({ rule }) => rule === 'outcome-worsened');
  return {
    transport,
    activitiesHeld: final.activities.held,
    participants: { host: 0, migrant: 0, ...Object.fromEntries(final.reach.bySide.map(({ side, enrolled }) => [side, enrolled.value])) },
    answers: Object.fromEntries(final.responsesByWave.map(({ wave, answers }) => [wave, answers])),
    items: inFileOrder(final.estimates, programme.items.map(({ item }) => item)),
    flags: flags.sort((left, right) => (left.rule < right.rule ? 1 : -1)),
    alertsReceived: received.size,
    secondsFromLastAnswerToAlert: worsened ? Math.max(0, (worsened.at - lastAnswerAt) / 1000) : null,
  };
};

const inFileOrder = (estimates: readonly VerifiedItem[], order: readonly string[]): VerifiedItem[] =>
  [...estimates]
    .sort((left, right) => order.indexOf(left.item) - order.indexOf(right.item))
    .map(({ item, n, changeComparison, changeTreatment, difference, standardError, df, intervalLow, intervalHigh, harmful, method, rung, sentence }) => ({ item, n, changeComparison, changeTreatment, difference, standardError, df, intervalLow, intervalHigh, harmful, method, rung, sentence }));

const settled = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > until) throw new Error('the platform did not come to show what was imported');
    await pause(100);
  }
};
