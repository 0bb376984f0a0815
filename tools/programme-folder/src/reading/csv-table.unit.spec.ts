import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { MAXIMUM_FILE_BYTES, parseTable, readCsvTable } from './csv-table.js';
import { decodeText } from './decode-text.js';

describe('text from bytes', () => {
  it('reads UTF-8 and UTF-16 with a mark by itself', () => {
    const text = 'código,Ciudad\nA1,São Tomé – 東京';
    expect(decodeText(Buffer.from(text))).toEqual({ text });
    expect(decodeText(Buffer.concat([Buffer.from([0xff, 0xfe]), iconv.encode(text, 'utf-16le')]))).toEqual({ text });
  });

  it('refuses other encodings by what to do, and reads them when they are named', () => {
    const bytes = iconv.encode('São Tomé', 'windows-1252');
    expect(decodeText(bytes)).toEqual({ refused: expect.stringContaining('--encoding windows-1252') });
    expect(decodeText(bytes, 'windows-1252')).toEqual({ text: 'São Tomé' });
    expect(decodeText(bytes, 'no-such')).toEqual({ refused: expect.stringContaining('not known') });
  });

  it('refuses NUL bytes and characters lost before', () => {
    expect(decodeText(Buffer.from('a\0b'))).toEqual({ refused: expect.stringContaining('NUL') });
    expect(decodeText(Buffer.from('S\uFFFDo'))).toEqual({ refused: expect.stringContaining('lost') });
  });
});

describe('a CSV table', () => {
  it('keeps the line of each row, also behind line breaks in quotes', () => {
    const { table } = parseTable('a.csv', 'code,title\nA,"one\ntwo"\nB,three\n');
    expect(table?.rows).toEqual([
      { line: 3, values: { code: 'A', title: 'one\ntwo' } },
      { line: 4, values: { code: 'B', title: 'three' } },
    ]);
  });

  it('tells a file that was cut off', () => {
    expect(parseTable('a.csv', 'code,title\nA,one\nB').refusals).toEqual([{ file: 'a.csv', row: 3, reason: expect.stringContaining('cut off') }]);
    expect(parseTable('a.csv', 'code,title\nA,"one\n').refusals[0]?.reason).toContain('never closed');
  });

  it('refuses an empty file and a column named twice', () => {
    expect(parseTable('a.csv', '').refusals[0]?.reason).toContain('is empty');
    expect(parseTable('a.csv', 'code,Code\n').refusals[0]?.reason).toContain('twice');
  });

  it('never throws, whatever it is given', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const { table, refusals } = parseTable('a.csv', text);
      expect(table !== undefined || refusals.length > 0).toBe(true);
    }), { numRuns: 500 });
  });

  describe('in a file', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'csv-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it('refuses a giant before reading it', async () => {
      const path = join(folder, 'responses.csv');
      await writeFile(path, Buffer.alloc(MAXIMUM_FILE_BYTES + 1, 0x61));
      expect((await readCsvTable(path)).refusals).toEqual([{ file: 'responses.csv', reason: expect.stringContaining('larger than 64 MB') }]);
    });

    it('never throws on random bytes', async () => {
      const path = join(folder, 'random.csv');
      await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        await writeFile(path, bytes);
        const { table, refusals } = await readCsvTable(path);
        expect(table !== undefined || refusals.length > 0).toBe(true);
      }), { numRuns: 100 });
    });
  });
});
