import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { describeMachine } from './machine.js';
import { type BenchResult, meetsTargets } from './result.js';
import { interleave, median, quantile, type Sample, summarise } from './rounds.js';
import { writeResults, writeTable } from './results-folder.js';

const machine = describeMachine({ postgres: '18.4' });
const result: BenchResult = { name: 'W9', title: 'a thing', unit: 'things/s', ours: 40, anchors: { bare: 100 }, ratios: { bare: 0.4 }, rounds: 3, checked: true, machine };

describe('interleaved rounds', () => {
  it('let contenders take turns, begin with another each round, and do not count the warm-up', async () => {
    const turns: string[] = [];
    const contender = (name: string) => ({ name, run: async (round: number): Promise<Sample> => (turns.push(`${name}${round}`), { operations: 1, seconds: 1 }) });
    const rounds = await interleave([contender('ours'), contender('bare')], { rounds: 2 });
    expect(turns).toEqual(['ours-1', 'bare-1', 'ours0', 'bare0', 'bare1', 'ours1']);
    expect(rounds.get('ours')).toHaveLength(2);
  });

  it('end when an answer is wrong', async () => {
    const wrong = { name: 'ours', run: () => Promise.reject(new Error('199 of 200 records')) };
    await expect(interleave([wrong], { rounds: 2 })).rejects.toThrow('199 of 200');
  });

  it('give medians, spreads, and the median of the ratios of each round', () => {
    const at = (rates: readonly number[]): Sample[] => rates.map((rate) => ({ operations: rate, seconds: 1, cpuMs: rate * 2 }));
    // A noisy machine: both slow down together in the second round.
    const summed = summarise(new Map([['ours', at([50, 10, 48])], ['bare', at([100, 20, 120])]]), { name: 'W9', title: 'a thing', unit: 'things/s', machine });
    expect(summed).toMatchObject({ ours: 48, anchors: { bare: 100 }, ratios: { bare: 0.5 }, spread: { ours: { low: 10, high: 50 } }, cpuMs: { ours: 2, bare: 2 }, rounds: 3 });
  });
});

describe('quantiles', () => {
  it('lie between the nearest two', () => {
    expect([median([4, 1, 3, 2]), quantile([1, 2, 3, 4, 5], 0.99), quantile([7], 0.5)]).toEqual([2.5, 4.96, 7]);
  });
});

describe('targets', () => {
  it('are met at the bound and missed below, above, and where nothing was seen', () => {
    const met = (seen: Record<string, number>, target: { atLeast?: number; atMost?: number }) => meetsTargets({ ratios: seen, targets: [{ ratio: 'bare', ...target }] });
    expect([met({ bare: 0.4 }, { atLeast: 0.4 }), met({ bare: 0.39 }, { atLeast: 0.4 }), met({ bare: 5 }, { atMost: 4 }), met({}, { atLeast: 0.1 }), meetsTargets(result)]).toEqual([true, false, false, false, undefined]);
  });
});

describe('the results folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'common-ground-bench-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('holds a file for each result, and one table of all, also of those that others wrote', () => {
    writeResults([result, { ...result, name: 'W10', targets: [{ ratio: 'bare', atLeast: 0.5 }], spread: { ours: { low: 1, high: 2 } } }], folder);
    writeFileSync(join(folder, 'results/statistics.json'), JSON.stringify([{ ...result, name: 'S1' }, { ...result, name: 'S2' }]));
    writeTable(folder);
    expect(readdirSync(join(folder, 'results')).sort()).toEqual(['W10.json', 'W9.json', 'statistics.json']);
    expect(JSON.parse(readFileSync(join(folder, 'results/W9.json'), 'utf8'))).toEqual(result);
    const table = readFileSync(join(folder, 'README.md'), 'utf8');
    expect([...table.matchAll(/^\| ([A-Z]\d+) /gm)].map(([, name]) => name)).toEqual(['S1', 'S2', 'W9', 'W10']);
    expect(table).toMatch(/\| W10 .* 40 \(1-2\) .* bare ≥ 0.5 \| \*\*missed\*\* /);
    expect(table).toContain('postgres 18.4');
  });

  it('takes no result whose answer nobody looked at', () => {
    writeResults([result], folder);
    writeFileSync(join(folder, 'results/odd.json'), JSON.stringify({ ...result, checked: false }));
    expect(() => writeTable(folder)).toThrow('odd.json: W9: checked must be true');
    expect(() => writeResults([{ ...result, name: '../up' }], folder)).toThrow('name must be');
  });
});
