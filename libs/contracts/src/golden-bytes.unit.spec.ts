import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeFact, Facts } from './index.js';

/** Bytes that were written once and may lie in a log for ever. A file is never edited; a fact that gains a field gains a file. */
type Golden = { readonly file: string; readonly type: string; readonly value: Record<string, unknown>; readonly bytes: string };

const folder = join(import.meta.dirname, '../golden');
const isTime = (value: unknown): value is string => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value);
const withTimes = (_key: string, value: unknown): unknown => (isTime(value) ? new Date(value) : value);
const golden: Golden[] = readdirSync(folder)
  .sort()
  .map((file) => ({ file, ...(JSON.parse(readFileSync(join(folder, file), 'utf8'), withTimes) as Omit<Golden, 'file'>) }));
const howTo = 'write its type and an example value to libs/contracts/golden/TYPE.json, then run `node tools/scripts/golden.mjs`';

const says = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '' && value !== 0 && value !== false;

describe('bytes of facts', () => {
  it.each(golden)('of $file are read for ever as they were written', ({ type, value, bytes }) => {
    expect(bytes).toMatch(/^([0-9a-f]{2})+$/);
    expect(decodeFact(type, Buffer.from(bytes, 'hex'))).toMatchObject(value);
  });

  it.each(Object.values(Facts))('stand as an example of $type, every field of it', ({ type, decode }) => {
    const examples = golden.filter((example) => example.type === type);
    if (examples.length === 0) throw new Error(`${type} has no golden bytes: ${howTo}.`);
    const fields = Object.keys(decode(new Uint8Array()));
    const silent = fields.filter((field) => !examples.some(({ value }) => says(value[field])));
    if (silent.length > 0) throw new Error(`no golden bytes of ${type} say anything of ${silent.join(', ')}: ${howTo} (TYPE.2.json for a second).`);
  });

  it('belong to facts that still exist, for old bytes are still read', () => {
    const known = new Set<string>(Object.values(Facts).map(({ type }) => type));
    expect(golden.filter(({ type }) => !known.has(type)).map(({ file }) => file)).toEqual([]);
  });
});
