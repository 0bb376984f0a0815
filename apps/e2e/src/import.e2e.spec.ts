import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { signInWithPassword } from '@common-ground/platform';
import { EmbeddedDatabases, eventually } from './embedded-databases.fixture.js';
import { runImportProgram, runImportUntil, type ImportRun } from './import-program.fixture.js';
import { type EmbeddedUnderTest, startEmbedded } from './platform-under-test/embedded.js';
import { type SyntheticTrial, syntheticTrial, writeFiles } from './synthetic-trial.fixture.js';
import { Person } from './verify-trial/person.js';

const ROW = `activities { planned held didNotHappen cancelled unrecorded } reach { bySide { side enrolled { value } reached { value } } }
  responsesByWave { wave respondents { value } answers } months { month planned held unrecorded } regularity { heldPerWeek keptShare meanDaysBetween }
  estimates { item wave n nComparison nTreatment changeComparison changeTreatment difference standardError df intervalLow intervalHigh harmful } openFlags { total byRule { rule flags severity } }`;
const PORTFOLIO = `query($missions: [String!]) { portfolio(filter: { missions: $missions }, first: 10) { edges { node { ${ROW} } } } }`;
const FLAGS = 'query($missions: [String!]) { riskFlags(filter: { missions: $missions }, first: 50) { edges { node { rule subject evidenceCount status } } } }';
const ALERTS = '{ alerts(first: 100) { edges { node { rule mission } } } }';
const SUBSCRIBE = 'mutation($input: SubscribeToAlertsInput!) { subscribeToAlerts(input: $input) { errors { message } } }';

type Edges<T> = { readonly edges: readonly { readonly node: T }[] };
type Alert = { readonly rule: string; readonly mission: string };

let platform: EmbeddedUnderTest;
let databases: EmbeddedDatabases;
let workplace: string;
let token: string;
let analyst: Person;
let monitor: Person;

const ofMission = (mission: string): SyntheticTrial => syntheticTrial({ mission, intervention: 'waiting', perCluster: 3 });
const folderOf = (mission: string, changed: Readonly<Record<string, string>> = {}): string => writeFiles(join(workplace, mission), { ...ofMission(mission).files, ...changed });
const run = (folder: string, ...args: string[]): Promise<ImportRun> => runImportProgram(platform, folder, { args, env: { COMMON_GROUND_TOKEN: token } });
const portfolioOf = async (mission: string): Promise<object | undefined> => (await analyst.ask<{ portfolio: Edges<object> }>(PORTFOLIO, { missions: [mission] })).portfolio.edges[0]?.node;
const flagsOf = async (mission: string): Promise<object[]> => (await monitor.ask<{ riskFlags: Edges<object> }>(FLAGS, { missions: [mission] })).riskFlags.edges.map(({ node }) => node);
const alertsOf = async (mission: string): Promise<string[]> => (await monitor.ask<{ alerts: Edges<Alert> }>(ALERTS)).alerts.edges.filter(({ node }) => node.mission === mission).map(({ node }) => node.rule).sort();
/** When the platform shows all there is: estimates follow answers, flags follow estimates. */
const shown = (mission: string, { items, held, answers }: SyntheticTrial): Promise<object> =>
  eventually(async () => {
    const row = await portfolioOf(mission);
    expect(row).toMatchObject({
      activities: { held },
      estimates: expect.arrayContaining(items.map(({ item, n }) => expect.objectContaining({ item, n }))),
      openFlags: { total: 2 },
      responsesByWave: expect.arrayContaining([expect.objectContaining({ wave: 'baseline', answers: answers.baseline }), expect.objectContaining({ wave: 'post', answers: answers.post })]),
    });
    return row as object;
  });

beforeAll(async () => {
  workplace = mkdtempSync(join(tmpdir(), 'common-ground-import-'));
  platform = await startEmbedded();
  databases = new EmbeddedDatabases(join(platform.folder, 'data'));
  token = (await signInWithPassword({ issuer: platform.issuer, clientId: 'common-ground-portal', username: 'administrator', password: 'administrator-demo' })).accessToken;
  [analyst, monitor] = (await Promise.all(['hq-analyst', 'monitoring-officer'].map((name) => Person.signIn(platform, name)))) as [Person, Person];
  await monitor.ask(SUBSCRIBE, { input: { commandId: randomUUID(), id: randomUUID(), channel: 'IN_APP' } });
});
afterAll(async () => {
  await platform?.close();
  rmSync(workplace, { recursive: true, force: true });
});

describe('a preview', () => {
  const lineOf = (output: string, what: string): number[] => (output.split('\n').find((line) => line.endsWith(what)) ?? '').match(/\d+/g)?.slice(0, 3).map(Number) ?? [];

  it('shows what would be created and writes nothing', async () => {
    const before = [await databases.countRows(), await databases.logHeads()];
    const trial = ofMission('AA');
    const { code, output } = await runImportProgram(platform, folderOf('AA'), { args: ['--preview', '--user', 'administrator'], env: { COMMON_GROUND_PASSWORD: 'administrator-demo' } });
    expect(code).toBe(0);
    expect(lineOf(output, 'missions')).toEqual([1, 0, 0]);
    expect(lineOf(output, 'participants')).toEqual([trial.participants, 0, 0]);
    expect(lineOf(output, 'activities')).toEqual([trial.held, 0, 0]);
    expect(lineOf(output, 'submissions)')[0]).toBe(trial.answers.baseline + trial.answers.post);
    expect([await databases.countRows(), await databases.logHeads()]).toEqual(before);
  });

  it('shows what would change: activities that were planned and have been held since', async () => {
    const { files, held } = ofMission('AB');
    const [heading, first, second, ...rest] = (files['activities.csv'] ?? '').split('\n');
    const planned = [heading, first?.replace(',held,', ',planned,'), second?.replace(',held,', ',planned,'), ...rest].join('\n');
    const attendance = (files['attendance.csv'] ?? '').split('\n').filter((line) => ![first, second].some((activity) => line.startsWith(`${activity?.split(',')[0]},`))).join('\n');
    expect((await run(folderOf('AB', { 'activities.csv': planned, 'attendance.csv': attendance }))).code).toBe(0);
    const { output } = await run(folderOf('AB'), '--preview');
    expect(lineOf(output, 'activities')).toEqual([0, 2, held - 2]);
    expect((await run(folderOf('AB'))).code).toBe(0);
    await eventually(async () => expect(await portfolioOf('AB')).toMatchObject({ activities: { held, planned: held } }));
    expect(lineOf((await run(folderOf('AB'), '--preview')).output, 'activities')).toEqual([0, 0, held]);
  });

  it('shows what is refused with file, row, column and reason, and such a folder is not imported', async () => {
    const { files } = ofMission('AC');
    const lines = (file: string): string[] => (files[file] ?? '').trimEnd().split('\n');
    const broken = {
      'interventions.csv': (files['interventions.csv'] ?? '').replace('2013-06-28', '2013-02-30'),
      'participants.csv': [...lines('participants.csv'), lines('participants.csv')[1]].join('\n'),
      'responses.csv': [...lines('responses.csv'), 'waiting-post,S001,fewer,9', 'waiting-post,S0'].join('\n'),
      'rounds.csv': (files['rounds.csv'] ?? '').replace('participants and comparison', 'everybody'),
    };
    const before = [await databases.countRows(), await databases.logHeads()];
    const answers = lines('responses.csv').length;
    const folder = folderOf('AC', broken);
    for (const args of [['--preview'], []]) {
      const { code, output } = await run(folder, ...args);
      expect(code).toBe(1);
      expect(output).toMatch(/refused {2}interventions\.csv: row 2: column ends_on: "2013-02-30" is not a date/);
      expect(output).toMatch(/refused {2}rounds\.csv: row 2: column population: .*everybody/);
      expect(output).toMatch(/refused {2}participants\.csv: row 2: column intervention: "waiting" is not in interventions\.csv \(and so in \d+ more rows\)/);
      expect(output).toMatch(new RegExp(`refused {2}responses\\.csv: row ${answers + 2}: has 2 fields where the heading has 4`));
    }
    const rowsOnly = folderOf('AC', { ...broken, 'interventions.csv': files['interventions.csv'] ?? '', 'rounds.csv': files['rounds.csv'] ?? '' });
    const { output } = await run(rowsOnly, '--preview');
    expect(output).toMatch(new RegExp(`refused {2}participants\\.csv: row ${lines('participants.csv').length + 1}: column participant: was given already in row 2`));
    expect(output).toMatch(new RegExp(`refused {2}responses\\.csv: row ${answers + 1}: column value: 9 is outside 1 to 5`));
    expect((await run(rowsOnly)).output).toContain('Nothing was imported');
    expect([await databases.countRows(), await databases.logHeads()]).toEqual(before);
  });

  it('refuses a file in an encoding it cannot tell, and reads it when told', async () => {
    const folder = folderOf('AD');
    writeFileSync(join(folder, 'mission.csv'), Buffer.from('mission,name,country,time_zone,languages\nAD,S\xe3o,US,America/New_York,en\n', 'latin1'));
    const refused = await run(folder, '--preview');
    expect([refused.code, refused.output]).toEqual([1, expect.stringMatching(/refused {2}mission\.csv: .*encoding/i)]);
    expect((await run(folder, '--preview', '--encoding', 'windows-1252')).output).not.toContain('mission.csv:');
  });

  it('says what is wrong when nobody may sign in, or nobody answers', async () => {
    const wrong = await runImportProgram(platform, folderOf('AA'), { args: ['--preview', '--user', 'administrator'], env: { COMMON_GROUND_PASSWORD: 'guess' } });
    expect([wrong.code, wrong.output]).toEqual([1, expect.stringMatching(/name or.*password/i)]);
    const officers = (await signInWithPassword({ issuer: platform.issuer, clientId: 'common-ground-portal', username: 'mission-officer-pe', password: 'mission-officer-pe-demo' })).accessToken;
    const forbidden = await runImportProgram(platform, folderOf('AA'), { env: { COMMON_GROUND_TOKEN: officers } });
    expect([forbidden.code, forbidden.output]).toEqual([1, expect.stringMatching(/refused {2}mission\.csv: row 2: .*\n {2}refused {2}interventions\.csv: row 2: was not sent/)]);
    expect(await portfolioOf('AA')).toBeUndefined();
  });
});

describe('an import that is killed halfway', () => {
  it('ends with the same portfolio when it is run again, with nothing doubled; a further run changes nothing', async () => {
    const env = { COMMON_GROUND_TOKEN: token };
    const trial = ofMission('KA');
    const folder = folderOf('KA');
    for (const cut of [
      { mutation: 'enrolParticipants', done: true },
      { mutation: 'planActivities', done: false },
      { mutation: 'recordActivitiesHeld', done: true },
      { mutation: 'openSurveyRound', done: true },
      { mutation: 'submitResponses', done: true },
    ]) {
      expect(await runImportUntil(platform, folder, cut, { env })).toMatchObject({ signal: 'SIGKILL' });
    }
    const whole = await run(folder);
    expect([whole.code, whole.output]).toEqual([0, expect.stringContaining('0 refused by the platform; nobody was alerted')]);

    expect((await run(folderOf('KB'))).code).toBe(0);
    const undisturbed = await shown('KB', trial);
    expect(await shown('KA', trial)).toEqual(undisturbed);

    await databases.drained();
    const state = async (): Promise<unknown[]> => [await databases.countRows(), await databases.logHeads(), await portfolioOf('KA'), await flagsOf('KA')];
    const before = await state();
    const again = await run(folder);
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('0 refused by the platform')]);
    await databases.drained();
    expect(await state()).toEqual(before);
  });
});

describe('alerts of an import', () => {
  it('come when it was run with --alerts, and otherwise not at all, though flags are raised all the same', async () => {
    const raised = expect.arrayContaining([
      expect.objectContaining({ rule: 'OUTCOME_WORSENED', subject: 'fewer', status: 'OPEN' }),
      expect.objectContaining({ rule: 'ONE_SIDE_MISSING', subject: 'waiting', status: 'OPEN', evidenceCount: ofMission('QU').held }),
    ]);
    expect((await run(folderOf('QU'))).output).toContain('nobody was alerted');
    await eventually(async () => expect(await flagsOf('QU')).toEqual(raised));
    expect((await run(folderOf('LO'), '--alerts')).output).not.toContain('nobody was alerted');
    await eventually(async () => expect(await flagsOf('LO')).toEqual(raised));
    await eventually(async () => expect(await alertsOf('LO')).toEqual(['ONE_SIDE_MISSING', 'OUTCOME_WORSENED']));
    await databases.drained();
    expect(await alertsOf('QU')).toEqual([]);
    expect(await flagsOf('QU')).toHaveLength(2);
  });
});
