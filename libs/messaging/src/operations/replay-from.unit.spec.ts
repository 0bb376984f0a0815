import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { positionOf, readReplayFrom } from './replay-from.js';

const topics = ['commonground.registry.v1', 'commonground.scheduling.v1'];
const now = new Date('2026-06-01T12:00:00Z');
const read = (text: string) => readReplayFrom(text, topics, now);

describe('where a replay starts', () => {
  it('is the beginning, a moment with its offset, or positions', () => {
    expect(read('beginning')).toEqual({ kind: 'beginning' });
    expect(read('2026-06-01T13:30:00+02:00')).toEqual({ kind: 'moment', moment: new Date('2026-06-01T11:30:00Z') });
    expect(read('commonground.registry.v1/0/12, commonground.scheduling.v1/5/0')).toEqual({
      kind: 'positions',
      positions: [{ topic: topics[0], partition: 0, position: 12n }, { topic: topics[1], partition: 5, position: 0n }],
    });
  });

  it('is written as positions are shown', () => {
    const position = fc.record({ topic: fc.constantFrom(...topics), partition: fc.nat(99), position: fc.bigInt({ min: 0n, max: 10n ** 17n }) });
    fc.assert(fc.property(position, (one) => expect(read(positionOf(one))).toEqual({ kind: 'positions', positions: [one] })));
  });

  it.each([
    ['', 'REPLAY_FROM_INVALID'],
    ['yesterday', 'REPLAY_FROM_INVALID'],
    ['2026-05-01', 'REPLAY_FROM_INVALID'],
    ['2026-05-01T10:00:00', 'REPLAY_FROM_INVALID'],
    ['2026-13-01T10:00:00Z', 'REPLAY_FROM_INVALID'],
    ['commonground.registry.v1/0', 'REPLAY_FROM_INVALID'],
    ['commonground.registry.v1/0/1,commonground.registry.v1/0/2', 'REPLAY_FROM_INVALID'],
    ['commonground.registry.v1/0/-1', 'REPLAY_FROM_INVALID'],
    ['2026-06-01T12:00:01Z', 'REPLAY_FROM_FUTURE'],
    ['commonground.risk.v1/0/1', 'TOPIC_NOT_CONSUMED'],
  ])('is not %p (%s), and the refusal says where and what to write', (text, code) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code, kind: 'invalid', details: { path: ['from'] }, message: expect.stringMatching(/give|reads|no such/) }));
  });
});
