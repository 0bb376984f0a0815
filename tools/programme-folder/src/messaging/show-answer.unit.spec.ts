import { describe, expect, it } from '@jest/globals';
import { type Answer, type Fact, isDone, type Release } from './answers.js';
import { linesOf } from './show-answer.js';
import { duration } from './table.js';

const fact: Fact = { id: 'scheduling:42', consumer: 'scheduling', key: 'PE', verdict: 'POISON', reason: `cannot be decoded\n${'x'.repeat(200)}`, attempts: 3, parkedAt: '2026-03-01T10:00:00.000Z', factId: 'f', type: 'commonground.registry.v1.MissionRegistered', position: 'commonground.registry.v1/0/7' };
const release = (change: Partial<Release> = {}): Release => ({ consumer: 'scheduling', key: 'PE', applied: 0, left: 0, heldBy: null, heldByReason: null, ...change });
const consumer = { consumer: 'scheduling', facts: 12, seconds: 7_200, parkedFacts: 2, parkedKeys: 1, redeliveries: 4, rebuilding: false };

describe('answers for people', () => {
  it('are tables with columns under their heads', () => {
    const lag: Answer = { command: 'lag', away: ['evaluation'], services: [{ service: 'scheduling', unpublished: 0, oldestUnpublishedSeconds: 0, consumers: [consumer, { ...consumer, consumer: 'x', facts: null, seconds: null, rebuilding: true }] }] };
    expect(linesOf(lag)).toEqual([
      'service     unpublished  oldest',
      'scheduling  0            -',
      '',
      'consumer    behind     oldest  parked keys  parked facts  skipped',
      'scheduling  12         2 h     1            2             4',
      'x           no answer  -       1            2             4        rebuilding',
      'No answer from evaluation: what is above is without it.',
    ]);
    expect(isDone(lag)).toBe(false);
  });

  it('show the beginning of a long reason in one line, and say how to see more', () => {
    const [head = '', row = '', more] = linesOf({ command: 'parked', facts: [fact], totalCount: 3, away: [] });
    expect(head.indexOf('reason')).toBe(row.indexOf('cannot be decoded'));
    expect(row).toMatch(/^scheduling:42 {2}scheduling {2}PE {3}poison {3}3 {6}2026-03-01T10:00:00.000Z {2}MissionRegistered {2}cannot be decoded x+…$/);
    expect(more).toBe('1 of 3; --limit shows more.');
    expect(linesOf({ command: 'parked', facts: [], totalCount: 0, away: [] })).toEqual(['Nothing is parked.']);
  });

  it('show one fact whole: headers, content, reason, tries, history', () => {
    const history = [{ at: '2026-03-02T10:00:00.000Z', actor: 'a1', action: 'RETRY', reason: 'mended' }, { at: '2026-03-02T10:00:01.000Z', actor: 'a1', action: 'REPLAY_ENDED', reason: '' }];
    const shown = linesOf({ command: 'show', id: fact.id, state: 'PARKED', fact, headers: [{ name: 'ce_id', value: 'f' }], content: '{"mission":"PE"}', bytes: 4, history }).join('\n');
    for (const words of ['scheduling:42: parked', 'verdict    poison', 'tries      3', 'position   commonground.registry.v1/0/7', '  ce_id: f', '  {\n    "mission": "PE"\n  }', '  2026-03-02T10:00:00.000Z  retry  by a1: mended', '  2026-03-02T10:00:01.000Z  replay-ended  by a1']) expect(shown).toContain(words);
    expect(linesOf({ command: 'show', id: 'x:1', state: 'DISCARDED', fact: null, headers: [], content: null, bytes: 0, history: [] })).toEqual(['x:1: discarded', 'history', '  nothing was done about it yet']);
  });

  it.each<[Answer, string[], boolean]>([
    [{ command: 'retry', id: 'scheduling:42', state: 'APPLIED', releases: [release({ applied: 3 })], away: [] }, ['scheduling, key PE: 3 applied, 0 left'], true],
    [{ command: 'retry', id: 'scheduling:42', state: 'APPLIED', releases: [release()], away: [] }, ['scheduling:42 was applied before; there is nothing to do.'], true],
    [{ command: 'retry', key: 'PE', releases: [], away: [] }, ['Nothing is parked under PE any more.'], true],
    [{ command: 'retry', key: 'PE', releases: [release({ left: 2, heldBy: 'scheduling:42', heldByReason: 'again' })], away: [] }, ['scheduling, key PE: 0 applied, 2 left', '  scheduling:42 failed again: again'], false],
    [{ command: 'discard', id: 'scheduling:42', discarded: { at: 'then', actor: 'a1', action: 'DISCARD', reason: 'mistake' }, release: release({ key: null, applied: 1 }) }, ['scheduling:42 was given up on then by a1: mistake', 'scheduling: 1 applied, 0 left'], true],
  ])('tell what came of an action, and whether it is done: %#', (answer, lines, done) => {
    expect([linesOf(answer), isDone(answer)]).toEqual([lines, done]);
  });

  it.each([['DONE', 'done', true], ['FAILED', 'failed (the log is away)', false], ['BROKEN_OFF', 'broken off: begin it again, that is safe (the log is away)', false]])('tell how a replay ended: %s', (state, words, done) => {
    const replay: Answer = { command: 'replay', commandId: 'c', consumer: 'scheduling', from: 'beginning', state, read: 5, applied: 1, skipped: 3, ignored: 1, parked: 0, why: done ? null : 'the log is away', actor: 'a1', begunAt: '', endedAt: null };
    expect(linesOf(replay)).toEqual([`scheduling from beginning: ${words}`, '5 facts read: 1 applied, 3 applied before, 1 not wanted, 0 parked; nobody was alerted.']);
    expect(isDone(replay)).toBe(done);
  });

  it.each([[0, '0 s'], [99, '99 s'], [600, '10 min'], [7_200, '2 h'], [432_000, '5 d']])('write %d seconds as %s', (seconds, words) => expect(duration(seconds)).toBe(words));
});
