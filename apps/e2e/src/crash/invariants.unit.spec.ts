import { describe, expect, it } from '@jest/globals';
import { breachesOf, type Committed, type Effect, type Observation } from './invariants.js';

const committed: readonly Committed[] = [
  { factId: 'f1', subject: 'a', sequence: 1, type: 'x.Planned' },
  { factId: 'f2', subject: 'a', sequence: 2, type: 'x.Held' },
  { factId: 'f3', subject: 'b', sequence: 1, type: 'x.Planned' },
];
const effects: readonly Effect[] = [committed[0], committed[2], committed[1]].flatMap((fact) => fact ?? []);
const figures = { 'month i 2026-01': { planned: 2, held: 1 } };
const sound: Observation = { acknowledged: committed.slice(0, 1), committedAtDeath: committed.slice(0, 2), journal: committed, committed, effects: { tally: effects }, portfolio: figures, folded: figures, recoveryMs: 900, memoryMb: 160 };
const [first, second, third] = committed as [Committed, Committed, Committed];

describe('the check of the invariants', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(breachesOf(sound)).toEqual([]);
  });

  it.each<[string, Partial<Observation>, string]>([
    ['a fact that a consumer never saw', { effects: { tally: effects.slice(1) } }, 'I1: never reached tally: Planned a version 1'],
    ['a fact that came from nowhere', { effects: { tally: [...effects, { factId: 'f9', subject: 'z', sequence: 1 }] } }, 'I1: reached tally and was never committed: f9'],
    ['an effect that was had twice', { effects: { tally: [...effects, second] } }, 'I2: took effect twice in tally: Held a version 2'],
    ['a change that was committed twice', { committed: [...committed, { ...third, factId: 'f3' }] }, 'I2: committed twice: Planned b version 1'],
    ['versions that changed places', { effects: { tally: [second, first, third] } }, 'I3: came after a later version in tally: Planned a version 1'],
    ['a command that was acknowledged and lost', { committedAtDeath: [third] }, 'I4: acknowledged and lost: Planned a version 1'],
    ['an answer without a change', { journal: [...committed, { subject: 'c', sequence: 1, type: 'x.Planned' }] }, 'I4: answered and not committed: Planned c version 1'],
    ['a change that was rolled back and is there', { journal: committed.slice(0, 2) }, 'I4: committed and never asked for: Planned b version 1'],
    ['a figure that is off by one', { portfolio: { 'month i 2026-01': { planned: 3, held: 1 } } }, 'I5: the portfolio is not the fold of the log: month i 2026-01 planned is 3 and should be 2'],
    ['a row that the portfolio lacks', { portfolio: {} }, 'I5: the portfolio is not the fold of the log: month i 2026-01 planned is missing and should be 2, month i 2026-01 held is missing and should be 1'],
    ['a recovery that took too long', { recoveryMs: 90_001 }, 'I6: recovery took 90 s'],
    ['memory that grows', { memoryMb: 513 }, 'I6: a process holds 513 MB'],
  ])('finds %s', (_name, change, says) => {
    expect(breachesOf({ ...sound, ...change })).toEqual([says]);
  });
});
