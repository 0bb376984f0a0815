import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const workspace = join(import.meta.dirname, '../../..');
const page = readFileSync(join(workspace, 'docs/reliability.md'), 'utf8');

type Row = { readonly fault: string; readonly cells: readonly string[] };

const rows: readonly Row[] = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (fault|abuse|I\d) /.test(line))
  .map((line) => line.slice(1, -1).split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.some(Boolean))
  .map((cells) => ({ fault: cells[0] ?? '', cells }));

const named = rows.flatMap(({ cells }) => (cells.at(-1) ?? '').split('<br>').filter((cell) => cell !== 'open'));
const literal = (title: string): RegExp => new RegExp(`\\(\\s*(['"\`])${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\1`);

/** What is wrong with the name of a test, e.g. "`libs/a/src/b.int.spec.ts`: does this". */
const wrongWith = (cell: string): string | undefined => {
  const [, file, title] = /^`([^`]+\.(?:spec|fixture)\.ts)`: (.+)$/.exec(cell) ?? [];
  if (!file || !title) return `"${cell}" is not of the form \`file\`: title`;
  if (!existsSync(join(workspace, file))) return `${file} does not exist`;
  return literal(title).test(readFileSync(join(workspace, file), 'utf8')) ? undefined : `${file} has no test "${title}"`;
};

describe('docs/reliability.md', () => {
  it('names tests that exist, by file and title', () => {
    expect(named.flatMap((cell) => wrongWith(cell) ?? [])).toEqual([]);
    expect(named.length).toBeGreaterThan(20);
  });

  it('says for each fault what happens, how it recovers, what is seen and what shows it, or that it is open', () => {
    expect(rows.filter(({ cells }) => cells.length !== 5 || cells.some((cell) => cell === '')).map(({ fault }) => fault)).toEqual([]);
    expect(rows.length).toBeGreaterThan(40);
  });

  it('would notice a test that was renamed, a file that moved and a name that cannot be read', () => {
    expect(wrongWith('`apps/e2e/src/reliability.unit.spec.ts`: names tests that exist, by file and title')).toBeUndefined();
    expect(wrongWith('`apps/e2e/src/reliability.unit.spec.ts`: names tests that exist, by file')).toContain('has no test');
    expect(wrongWith('`apps/e2e/src/gone.unit.spec.ts`: anything')).toContain('does not exist');
    expect(wrongWith('somewhere')).toContain('is not of the form');
  });
});
