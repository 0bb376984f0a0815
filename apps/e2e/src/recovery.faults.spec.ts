import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '@common-ground/platform';
import { EmbeddedDatabases, eventually } from './embedded-databases.fixture.js';
import { type EmbeddedUnderTest, launchStandalone, startEmbedded } from './platform-under-test/embedded.js';
import { Person } from './verify-trial/person.js';

const PORTFOLIO = `{ portfolio(first: 50) { totals { interventions activities { planned held } reach { enrolled { value } } } edges { node { interventionId mission endsOn activities { planned held } reach { enrolled { value } } } } } }`;
const ROWS = 'errors { code message } outcomes { row outcome error { code } }';
const COMMANDS = {
  planActivities: `mutation($input: PlanActivitiesInput!) { planActivities(input: $input) { ${ROWS} } }`,
  enrolParticipants: `mutation($input: EnrolParticipantsInput!) { enrolParticipants(input: $input) { ${ROWS} } }`,
} as const;

type Row = { readonly interventionId: string; readonly mission: string; readonly endsOn: string; readonly activities: { readonly planned: number; readonly held: number }; readonly reach: { readonly enrolled: { readonly value: number | null } } };
type Portfolio = { readonly portfolio: { readonly edges: readonly { readonly node: Row }[] } };
type Command = { readonly name: keyof typeof COMMANDS; readonly input: object };
/** `answer` is missing when nobody answered: it may have been done or not. */
type Sent = { readonly command: Command; readonly answer?: unknown };

let platform: EmbeddedUnderTest;
let databases: EmbeddedDatabases;
let officer: Person;
let target: Row;
let numbered = 0;

/** Sends one command once, as a client that gives up would. */
const send = async ({ name, input }: Command): Promise<unknown> => {
  const response = await fetch(platform.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await officer.importing.token()}` },
    body: JSON.stringify({ query: COMMANDS[name], variables: { input } }),
    signal: AbortSignal.timeout(20_000),
  });
  const { data, errors } = (await response.json()) as { data?: Record<string, unknown> | null; errors?: readonly { message: string }[] };
  if (errors || !data) throw new Error(errors?.[0]?.message ?? `HTTP ${response.status}`);
  return data[name];
};

const nextCommand = (): Command => {
  const code = `recovery-${(numbered += 1)}`;
  const common = { commandId: randomUUID(), interventionId: target.interventionId };
  return numbered % 2 === 0
    ? { name: 'planActivities', input: { ...common, activities: [{ id: randomUUID(), code, title: 'Match', startsAt: `${target.endsOn}T15:00:00Z`, endsAt: `${target.endsOn}T17:00:00Z` }] } }
    : { name: 'enrolParticipants', input: { ...common, participants: [{ id: randomUUID(), code, side: 'host', arm: 'treatment' }] } };
};

/** Several clients send commands until told to stop; all that was sent comes back, with its answer when there was one. */
const keepSending = (): { readonly sent: Sent[]; readonly stop: () => Promise<void> } => {
  const sent: Sent[] = [];
  let sending = true;
  const client = async (): Promise<void> => {
    while (sending) {
      const command = nextCommand();
      const one: Sent = await send(command).then((answer) => ({ command, answer }), () => ({ command }));
      sent.push(one);
      // A platform that is away answers at once, and would be asked thousands of times.
      if (one.answer === undefined) await pause(250);
    }
  };
  const clients = [client(), client(), client()];
  return { sent, stop: async () => ((sending = false), void (await Promise.all(clients))) };
};

const answered = ({ sent }: { readonly sent: readonly Sent[] }): number => sent.filter(({ answer }) => answer !== undefined).length;
const readRow = async (): Promise<Row> => {
  const { portfolio } = await officer.ask<Portfolio>(PORTFOLIO);
  return portfolio.edges.map(({ node }) => node).find(({ interventionId }) => interventionId === target.interventionId) as Row;
};
const counted = ({ activities, reach }: Row): { planned: number; enrolled: number } => ({ planned: activities.planned, enrolled: reach.enrolled.value ?? 0 });
const killPostgres = (): number => {
  const pid = databases.postgresPid;
  process.kill(pid, 'SIGKILL');
  return pid;
};

/** Commands are under way while something is killed; afterwards each that was sent is done once, and answers as it did. */
const survives = async (kill: () => Promise<void>): Promise<void> => {
  const before = counted(await readRow());
  const work = keepSending();
  try {
    await eventually(async () => expect(answered(work)).toBeGreaterThan(15));
    await kill();
  } finally {
    // Clients that nobody stops would send on for ever, and this process would never end.
    await work.stop();
  }
  officer = await Person.signIn(platform, 'mission-officer-pe');

  const { sent } = work;
  const acknowledged = sent.filter(({ answer }) => answer !== undefined);
  for (const { answer } of acknowledged) expect(answer).toEqual({ errors: [], outcomes: [{ row: 0, outcome: 'ACCEPTED', error: null }] });
  for (const { command, answer } of acknowledged) expect(await eventually(() => send(command))).toEqual(answer);
  await databases.drained();
  const count = (of: readonly Sent[], name: Command['name']): number => of.filter(({ command }) => command.name === name).length;
  const soon = counted(await readRow());
  expect(soon.planned).toBeGreaterThanOrEqual(before.planned + count(acknowledged, 'planActivities'));
  expect(soon.planned).toBeLessThanOrEqual(before.planned + count(sent, 'planActivities'));

  for (const { command } of sent) expect(await send(command)).toEqual({ errors: [], outcomes: [{ row: 0, outcome: 'ACCEPTED', error: null }] });
  await databases.drained();
  expect(counted(await readRow())).toEqual({ planned: before.planned + count(sent, 'planActivities'), enrolled: before.enrolled + count(sent, 'enrolParticipants') });
};

beforeAll(async () => {
  platform = await startEmbedded({ demonstration: true, killedWhen: 'Loading the demonstration missions' });
  databases = new EmbeddedDatabases(join(platform.folder, 'data'));
  officer = await Person.signIn(platform, 'mission-officer-pe');
  const { portfolio } = await officer.ask<Portfolio>(PORTFOLIO);
  target = portfolio.edges[0]?.node as Row;
});
afterAll(() => platform?.close());

describe('a first start that is killed while it loads the demonstration', () => {
  it('is healed and completed by the next, with nothing doubled', async () => {
    await databases.drained();
    const analyst = await Person.signIn(platform, 'hq-analyst');
    const { portfolio } = await analyst.ask<Portfolio>(PORTFOLIO);
    const rows = portfolio.edges.map(({ node }) => node);
    expect(rows.map(({ mission }) => mission).sort()).toEqual(['DO', 'PE', 'TR']);
    expect(rows.every(({ activities }) => activities.held > 0)).toBe(true);
    const doubled = (database: string, table: string): Promise<unknown[]> => databases.query(database, `SELECT intervention_id, code FROM ${table} GROUP BY 1, 2 HAVING count(*) > 1`);
    expect([await doubled('registry', 'participant'), await doubled('scheduling', 'activity')]).toEqual([[], []]);
    const [people] = await databases.query<{ count: string }>('registry', 'SELECT count(*) FROM participant');
    expect(rows.reduce((sum, { reach }) => sum + (reach.enrolled.value ?? 0), 0)).toBe(Number(people?.count));
    expect(platform.child().output).toContain('left behind');
    expect(platform.child().output).not.toContain('refused');
  });
});

describe('kill -9 while commands are being sent', () => {
  it('of PostgreSQL: the platform goes on by itself, and nothing acknowledged is lost or doubled', async () => {
    const pid = platform.child().pid;
    await survives(async () => {
      const killed = killPostgres();
      await eventually(async () => expect(databases.postgresPid).not.toBe(killed));
      await eventually(() => databases.query('postgres', 'SELECT 1'));
      await eventually(() => readRow());
    });
    expect(platform.child().pid).toBe(pid);
  });

  it('of the process: the next start stops the PostgreSQL that was left behind, and goes on', async () => {
    await survives(async () => {
      await platform.kill();
      await platform.restart();
    });
    expect(platform.child().output).toContain('left behind');
  });

  it('of both: the next start recovers what was acknowledged', async () => {
    await survives(async () => {
      killPostgres();
      await platform.kill();
      await platform.restart();
    });
  });
});

describe('a start that cannot be', () => {
  it('is refused on the data folder of a running platform, which goes on undisturbed', async () => {
    const second = launchStandalone({ ...platform.place, port: await freePort(), identityPort: await freePort() });
    expect(await second.ended()).toBe(1);
    expect(second.output).toMatch(new RegExp(`${join(platform.place.dataFolder)}.* in use by process ${platform.child().pid}; stop it first, or choose another folder`));
    expect(second.output).not.toContain('    at ');
    expect(await send(nextCommand())).toMatchObject({ errors: [] });
  });

  it.each(['port', 'identityPort'] as const)('is refused when its %s is taken, by the port’s number', async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'common-ground-second-'));
    chmodSync(folder, 0o755);
    const place = { dataFolder: join(folder, 'data'), port: await freePort(), identityPort: await freePort(), [name]: platform.place[name] };
    const second = launchStandalone(place);
    expect(await second.ended()).toBe(1);
    expect(second.output).toContain(`Port ${platform.place[name]} is in use`);
    expect(second.output).not.toContain('    at ');
    rmSync(folder, { recursive: true, force: true });
  });

  it('does not mind a stop in the middle of it all: what is there is there after SIGTERM and a new start', async () => {
    await databases.drained();
    const before = await readRow();
    await platform.child().end('SIGTERM');
    await platform.restart();
    officer = await Person.signIn(platform, 'mission-officer-pe');
    expect(await readRow()).toEqual(before);
  });
});
