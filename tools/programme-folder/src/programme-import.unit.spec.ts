import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { commandsFor } from './import/commands.js';
import { idsFor, NOTHING_EXISTS, planImport } from './import/plan.js';
import { readFolder } from './programme-import.js';
import { SOUND, writeFolder } from './programme.fixture.js';
import { describeRefusal } from './refusal.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programme-'));
});
afterEach(() => rm(folder, { recursive: true }));

const refusalsWith = async (changes: Readonly<Record<string, string>>): Promise<string[]> => {
  await writeFolder(folder, { ...SOUND, ...changes });
  return (await readFolder(folder)).refusals.map(describeRefusal);
};
const withRow = (file: string, row: string): Record<string, string> => ({ [file]: `${SOUND[file]}${row}\n` });

describe('a programme folder', () => {
  it('is read whole when it is sound', async () => {
    expect(await refusalsWith({})).toEqual([]);
    const { programme } = await readFolder(folder);
    expect(programme.interventions[0]).toMatchObject({ intervention: 'futbol-1', modalities: ['in-person'], design: 'individually-randomised' });
    expect(programme.rounds[0]?.population).toBe('participants-and-comparison');
    expect(programme.activities[0]?.conditions).toEqual({ equalStatus: 4, commonGoal: 0, cooperation: 0, supportOfAuthorities: 0 });
  });

  it.each([
    ['a person enrolled twice', withRow('participants.csv', 'P1,futbol-1,host,treatment'), 'participants.csv: row 5: column participant: was given already in row 2'],
    ['an intervention that nobody knows', withRow('participants.csv', 'P9,nowhere,host,treatment'), 'participants.csv: row 5: column intervention: "nowhere" is not in interventions.csv'],
    ['an arm that is none', withRow('participants.csv', 'P9,futbol-1,host,control'), 'participants.csv: row 5: column arm: "control" is none of treatment, comparison'],
    ['an impossible date', { 'interventions.csv': SOUND['interventions.csv']?.replace('2025-06-30', '2025-02-30') ?? '' }, 'interventions.csv: row 2: column ends_on: "2025-02-30" is not a date between 1990 and 2099, written 2026-03-31'],
    ['an answer outside its range', withRow('responses.csv', 'after,P2,friends,9'), 'responses.csv: row 5: column value: 9 is outside 1 to 5'],
    ['a double answer', withRow('responses.csv', 'after,P1,friends,3'), 'responses.csv: row 5: column item: was given already in row 4'],
    ['an unknown item', withRow('responses.csv', 'after,P2,enemies,3'), 'responses.csv: row 5: column item: "enemies" is not an item of ties'],
    ['someone who attended what was not held', withRow('attendance.csv', 'A2,P1,present,'), 'attendance.csv: row 4: column activity: was not held, so nobody attended it'],
    ['a cancellation without a reason', withRow('activities.csv', 'A3,futbol-1,Match,2025-04-08T10:00:00-05:00,2025-04-08T12:00:00-05:00,,cancelled,,'), 'activities.csv: row 4: column reason: is empty; say why it did not take place'],
    ['a condition that is none', withRow('activities.csv', 'A3,futbol-1,Match,2025-04-08T10:00:00-05:00,2025-04-08T12:00:00-05:00,,held,,9'), 'activities.csv: row 4: column equal_status: "9" is not a whole number from 1 to 5'],
    ['a moment without its offset', withRow('activities.csv', 'A3,futbol-1,Match,2025-04-08T10:00:00,2025-04-08T12:00:00-05:00,,held,,'), 'activities.csv: row 4: column starts_at: "2025-04-08T10:00:00" is not a moment with its offset, written 2026-03-31T18:00:00+02:00'],
    ['a missing column', { 'rounds.csv': 'round,intervention\n' }, 'rounds.csv: row 1: lacks the columns instrument, wave, level, population, opens_on, closes_on'],
    ['an unknown column', { 'mission.csv': 'mission,name,country,time_zone,languages,phone\nPE,Lima,PE,America/Lima,es,1\n' }, 'mission.csv: row 1: column phone: is not a column of mission.csv; take it out or rename it to one of mission, name, country, time_zone, languages'],
  ])('refuses %s by file, row and column', async (_name, changes, refusal) => {
    expect(await refusalsWith(changes)).toContain(refusal);
  });

  it('refuses a folder with nothing of a programme in it', async () => {
    await writeFolder(folder, { 'notes.txt': 'hello' });
    expect((await readFolder(folder)).refusals[0]?.reason).toContain('holds none of mission.csv');
  });

  it('counts what would be created before anything is', async () => {
    await writeFolder(folder, SOUND);
    const { programme } = await readFolder(folder);
    expect(planImport(programme, NOTHING_EXISTS).map(({ what, created, there }) => [what, created, there])).toEqual([
      ['missions', 1, 0], ['interventions', 1, 0], ['participants', 3, 0], ['activities', 2, 0], ['instruments', 1, 0], ['survey rounds', 2, 0], ['answers (3 submissions)', 3, 0],
    ]);
  });

  it('gives the same commands of a run the same ids, and other content or another run other ids', async () => {
    await writeFolder(folder, SOUND);
    const commands = async (run = 'one') => {
      const { programme } = await readFolder(folder);
      return commandsFor(programme, idsFor(programme, NOTHING_EXISTS), run);
    };
    const first = await commands();
    expect(await commands()).toEqual(first);
    expect(new Set([...first, ...(await commands('two'))].map(({ input }) => input['commandId'])).size).toBe(2 * first.length);
    await writeFolder(folder, { 'responses.csv': SOUND['responses.csv']?.replace('after,P1,friends,4', 'after,P1,friends,5') ?? '' });
    const changed = (await commands()).filter(({ input }, index) => input['commandId'] !== first[index]?.input['commandId']);
    expect(changed.map(({ mutation }) => mutation)).toEqual(['submitResponses']);
  });

  it('takes the ids that the platform gave already', async () => {
    await writeFolder(folder, SOUND);
    const { programme } = await readFolder(folder);
    const ids = idsFor(programme, { ...NOTHING_EXISTS, interventions: new Map([['PE/futbol-1', 'given']]), participants: new Map([['given', new Map([['P1', 'person']])]]) });
    expect([ids.intervention('futbol-1'), ids.participant('futbol-1', 'P1')]).toEqual(['given', 'person']);
  });

  it('never throws on half-finished files, and says where they end', async () => {
    const whole = SOUND['activities.csv'] ?? '';
    const columns = whole.split('\n')[0]?.split(',').length;
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
      await writeFolder(folder, { ...SOUND, 'activities.csv': whole.slice(0, length) });
      const { programme, refusals } = await readFolder(folder);
      // A file that ends with a whole row cannot be told from one that was meant to end there.
      const endsWithAWholeRow = whole.slice(0, length).trimEnd().split('\n').at(-1)?.split(',').length === columns;
      expect(programme.activities.length === 2 || refusals.length > 0 || endsWithAWholeRow).toBe(true);
    }), { numRuns: 60, examples: [[whole.indexOf('A2') - 2], [whole.indexOf('A2') - 1], [whole.indexOf('A2')], [whole.indexOf('A2') + 1]] });
  });
});
