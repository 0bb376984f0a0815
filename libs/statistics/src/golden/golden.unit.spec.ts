import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { goldenRowsArePresent, readGoldenRows, type GoldenClaims } from './golden-rows.fixture.js';

/** Each `*.claims.fixture.ts` of this folder exports `claims`: the areas of the known answers it computes. */
const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.claims.fixture.ts'));
const claims = (
  await Promise.all(
    files.map(
      async (file) =>
        (await import(join(import.meta.dirname, file))) as { readonly claims: readonly GoldenClaims[] },
    ),
  )
).flatMap((module) => module.claims);

const answers = claims.flatMap(({ area, cases }) =>
  Object.entries(cases).flatMap(([name, quantities]) =>
    Object.entries(quantities).map(([quantity, answer]) => ({ area, case: name, quantity, answer })),
  ),
);
const key = (row: { area: string; case: string; quantity: string }): string =>
  `${row.area} | ${row.case} | ${row.quantity}`;
/** Distributions, evaluation, synthesis and watching; area 3, mixing, is grouping's. */
const OURS = /^[0124] /;
const rows = readGoldenRows();
const rowByKey = new Map(rows.map((row) => [key(row), row]));
const run = goldenRowsArePresent || process.env['CI'];
const suite = run ? describe : describe.skip;

suite(`known answers${run ? '' : ' (skipped: ../shared/data/golden.csv is absent)'}`, () => {
  const computed = answers.flatMap(({ answer, ...row }) => {
    if (typeof answer === 'function') return [{ name: key(row), title: key(row), answer, sourceError: 0 }];
    return 'answer' in answer ? [{ ...answer, name: key(row), title: `${key(row)} (${answer.because})` }] : [];
  });
  it.each(computed)('$title', ({ name, answer, sourceError }) => {
    const row = rowByKey.get(name);
    if (!row) throw new Error(`golden.csv has no row "${name}"`);
    const figures = [answer()].flat();
    expect(figures).toHaveLength(row.expected.length);
    figures.forEach((figure, index) => {
      const allowed = (row.tolerances[index] ?? 0) + sourceError;
      expect(Math.abs(figure - (row.expected[index] ?? Number.NaN))).toBeLessThanOrEqual(allowed);
    });
  });

  const outOfReach = answers.flatMap(({ answer, ...row }) =>
    typeof answer === 'object' && 'needs' in answer ? [[key(row), answer.needs] as const] : [],
  );
  if (outOfReach.length > 0) it.skip.each(outOfReach)('%s (skipped: needs %s)', () => undefined);

  it('are each claimed once, in every area that is this library\'s', () => {
    const claimed = answers.map(key);
    expect(claimed).toHaveLength(new Set(claimed).size);
    expect(rows.filter(({ area }) => OURS.test(area)).filter((row) => !claimed.includes(key(row)))).toEqual([]);
  });
});
