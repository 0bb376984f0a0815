import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { seededRandom } from '../random.js';
import { bestAssignment, type Scores } from './assignment.js';
import { pairAgain, pairPeople, type PairingRequest } from './pair-people.js';
import type { PairingProfile, Supporter } from './profiles.js';
import { blockingPairs, stablePairs, type Proposer, type Receiver } from './stable-pairs.js';

/** Most pairs, then highest total, by trying everything. */
const bestByTrying = (scores: Scores, row = 0, taken: ReadonlySet<number> = new Set()): readonly [number, number] => {
  if (row === scores.length) return [0, 0];
  let best = bestByTrying(scores, row + 1, taken);
  (scores[row] ?? []).forEach((score, column) => {
    if (score === undefined || taken.has(column)) return;
    const [pairs, total] = bestByTrying(scores, row + 1, new Set([...taken, column]));
    if (pairs + 1 > best[0] || (pairs + 1 === best[0] && total + score > best[1])) best = [pairs + 1, total + score];
  });
  return best;
};

const someScores = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) => fc.array(fc.array(fc.option(fc.integer({ min: 0, max: 20 }), { nil: undefined }), { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }));

describe('the best assignment', () => {
  it('makes the most pairs and, among those, the highest total', () => {
    fc.assert(
      fc.property(someScores, (scores) => {
        const assigned = bestAssignment(scores);
        expect([assigned.length, assigned.reduce((total, { score }) => total + score, 0)]).toEqual(bestByTrying(scores));
        expect(new Set(assigned.map(({ column }) => column)).size).toBe(assigned.length);
      }),
      { numRuns: 400, seed: 11 },
    );
  });

  it('finds the best of 200 by 200 that was hidden in it', () => {
    const random = seededRandom(4);
    const hidden = random.shuffle(Array.from({ length: 200 }, (_, at) => at));
    // Row prices and column prices bound every total; the hidden pairs alone reach the bound.
    const [rowPrice, columnPrice] = [0, 1].map(() => hidden.map(() => random.below(50) + 1)) as [number[], number[]];
    const scores = hidden.map((best, row) => hidden.map((_, column) => Math.max(0, (rowPrice[row] as number) + (columnPrice[column] as number) - (column === best ? 0 : 1 + random.below(20)))));
    const total = bestAssignment(scores).reduce((sum, { score }) => sum + score, 0);
    expect(total).toBe([...rowPrice, ...columnPrice].reduce((sum, price) => sum + price, 0));
  });

  it('gives nothing for an empty table and names a score that is none', () => {
    expect(bestAssignment([])).toEqual([]);
    expect(() => bestAssignment([[1, -1]])).toThrow('scores[0][1] must be 0 or more, not -1');
    expect(() => bestAssignment([[1, 1], [1]])).toThrow('scores[1] has 1 entries, not 2');
  });
});

const supporter = (id: string, more: Partial<Supporter> = {}): Supporter => ({ id, languages: ['es'], availability: ['mon'], ...more });
const supported = (id: string, more: Partial<PairingProfile> = {}): PairingProfile => ({ id, languages: ['es-PE'], availability: ['mon'], ...more });

describe('pairing people one to one', () => {
  it('prefers what people have in common, and shows the parts', () => {
    const { pairs } = pairPeople({
      supporters: [supporter('cook', { interests: ['cooking'] }), supporter('player', { interests: ['football'] })],
      supported: [supported('a', { interests: ['football'] }), supported('b', { interests: ['cooking'] })],
    });
    expect(pairs.map(({ supporter: one, supported: other }) => [one, other])).toEqual([['player', 'a'], ['cook', 'b']]);
    expect(pairs[0]?.parts).toEqual({ language: 1, availability: 1, interests: 1, area: 0, gender: 1 });
  });

  it('never breaks a hard filter, and says what stood between', () => {
    const result = pairPeople({
      supporters: [supporter('unvetted'), supporter('french', { languages: ['fr'], vetted: true }), supporter('apart', { vetted: true })],
      supported: [supported('minor', { minor: true })],
      exclusions: [{ supporter: 'apart', supported: 'minor', because: 'kept-apart' }],
    });
    expect(result).toEqual({ pairs: [], unpaired: [{ id: 'minor', because: ['safeguarding', 'no-shared-language', 'kept-apart'] }], totalScore: 0 });
    expect(pairPeople({ supporters: [supporter('child', { minor: true })], supported: [supported('a')] }).unpaired).toEqual([{ id: 'a', because: ['safeguarding'] }]);
    expect(pairPeople({ supporters: [supporter('s', { availability: ['tue'] })], supported: [supported('a')] }).unpaired).toEqual([{ id: 'a', because: ['no-shared-time'] }]);
  });

  it('keeps to capacities, and counts pairs that stand', () => {
    const request: PairingRequest = { supporters: [supporter('s', { capacity: 2 })], supported: ['a', 'b', 'c'].map((id) => supported(id)) };
    expect(pairPeople(request).pairs).toHaveLength(2);
    expect(pairPeople(request).unpaired).toEqual([{ id: 'c', because: ['nobody-free'] }]);
    const { pairs } = pairPeople({ ...request, standing: [{ supporter: 's', supported: 'c' }] });
    expect(pairs.map((pair) => pair.supported)).toEqual(['a']);
    expect(pairPeople({ supporters: [], supported: [supported('a')] }).unpaired).toEqual([{ id: 'a', because: ['nobody-there'] }]);
  });

  it('pairs anew without touching what stands, and never the same two again', () => {
    const request = { supporters: [supporter('s'), supporter('t'), supporter('u')], supported: [supported('a'), supported('b')] };
    const standing = [{ supporter: 's', supported: 'a' }, { supporter: 't', supported: 'b' }];
    const { pairs, unpaired } = pairAgain({ ...request, standing, ended: [{ supporter: 's', supported: 'a' }] });
    expect(pairs.map(({ supporter: one, supported: other }) => [one, other])).toEqual([['u', 'a']]);
    expect(unpaired).toEqual([]);
  });

  it('names what is given twice, unknown or out of range', () => {
    const request = { supporters: [supporter('s')], supported: [supported('a')] };
    expect(() => pairPeople({ ...request, supported: [supported('a'), supported('a')] })).toThrow('supported[1]: a is given twice');
    expect(() => pairPeople({ ...request, supporters: [supporter('a')] })).toThrow('supporters[0]: a is among supported too');
    expect(() => pairPeople({ ...request, supporters: [supporter('s', { capacity: 1.5 })] })).toThrow('supporters[0].capacity must be a whole number from 0, not 1.5');
    expect(() => pairPeople({ ...request, standing: [{ supporter: 'x', supported: 'a' }] })).toThrow('standing[0] names somebody who is not given: x, a');
    expect(() => pairPeople({ ...request, weights: { language: 0, availability: 0, interests: 0, area: 0, gender: 0 } })).toThrow('weights must hold one above 0');
    expect(() => pairPeople({ ...request, sharedTimes: -1 })).toThrow('sharedTimes must be a whole number from 0, not -1');
  });
});

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, at) => `${prefix}${at}`);
const market = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 })).chain(([proposing, receiving]) =>
  fc.record({
    proposers: fc.tuple(...names('p', proposing).map((id) => fc.record({ id: fc.constant(id), prefers: fc.shuffledSubarray(names('r', receiving)) }))),
    receivers: fc.tuple(...names('r', receiving).map((id) => fc.record({ id: fc.constant(id), prefers: fc.shuffledSubarray(names('p', proposing)), capacity: fc.integer({ min: 0, max: 3 }) }))),
  }),
);

describe('stable pairs', () => {
  it('leave no two people who would both rather have each other, and respect every capacity and every no', () => {
    fc.assert(
      fc.property(market, ({ proposers, receivers }) => {
        const { matches, unmatchedProposers } = stablePairs(proposers, receivers);
        expect(blockingPairs(proposers, receivers, matches)).toEqual([]);
        for (const receiver of receivers) expect(matches.filter((match) => match.receiver === receiver.id).length).toBeLessThanOrEqual(receiver.capacity);
        for (const match of matches) {
          expect(proposers.find(({ id }) => id === match.proposer)?.prefers).toContain(match.receiver);
          expect(receivers.find(({ id }) => id === match.receiver)?.prefers).toContain(match.proposer);
        }
        expect(matches.length + unmatchedProposers.length).toBe(proposers.length);
      }),
      { numRuns: 1_000, seed: 12 },
    );
  });

  it('favour who proposes: both ways round are stable, each the best for its proposers', () => {
    const proposers: Proposer[] = [{ id: 'a', prefers: ['x', 'y'] }, { id: 'b', prefers: ['y', 'x'] }];
    const receivers: Receiver[] = [{ id: 'x', prefers: ['b', 'a'] }, { id: 'y', prefers: ['a', 'b'] }];
    expect(stablePairs(proposers, receivers).matches).toEqual([{ proposer: 'a', receiver: 'x' }, { proposer: 'b', receiver: 'y' }]);
    expect(stablePairs(receivers, proposers).matches).toEqual([{ proposer: 'x', receiver: 'b' }, { proposer: 'y', receiver: 'a' }]);
  });

  it('show two people who would run off together when the matching is not stable', () => {
    const proposers: Proposer[] = [{ id: 'a', prefers: ['x', 'y'] }, { id: 'b', prefers: ['x', 'y'] }];
    const receivers: Receiver[] = [{ id: 'x', prefers: ['a', 'b'] }, { id: 'y', prefers: ['a', 'b'] }];
    expect(blockingPairs(proposers, receivers, [{ proposer: 'a', receiver: 'y' }, { proposer: 'b', receiver: 'x' }])).toEqual([{ proposer: 'a', receiver: 'x' }]);
  });

  it('name who is given twice, preferred twice, or not there', () => {
    expect(() => stablePairs([{ id: 'a', prefers: ['x'] }], [])).toThrow('proposers[0].prefers: x is not among receivers');
    expect(() => stablePairs([{ id: 'a', prefers: [] }, { id: 'a', prefers: [] }], [])).toThrow('proposers[1]: a is given twice');
    expect(() => stablePairs([], [{ id: 'x', prefers: [], capacity: -1 }])).toThrow('receivers[0].capacity must be a whole number from 0, not -1');
  });
});
