import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import type { FileRefusal } from '../refusal.js';
import { decodeText } from './decode-text.js';

/** A row by column name, with its line in the file (from 1, the heading being line 1). */
export type Row = { readonly line: number; readonly values: Readonly<Record<string, string>> };
export type Table = { readonly file: string; readonly columns: readonly string[]; readonly rows: readonly Row[] };

export const MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;
const MAXIMUM_RECORD_CHARACTERS = 64 * 1024;

type Reading = { readonly table?: Table; readonly refusals: readonly FileRefusal[] };

/** Reads one CSV file whole; whatever is wrong with it as a file is told, and then there is no table. */
export const readCsvTable = async (path: string, encoding?: string): Promise<Reading> => {
  const file = basename(path);
  const refuse = (reason: string, row?: number): Reading => ({ refusals: [{ file, reason, ...(row ? { row } : {}) }] });
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    if (size > MAXIMUM_FILE_BYTES) return refuse(`is larger than ${MAXIMUM_FILE_BYTES / 1024 / 1024} MB; split it by intervention`);
    const decoded = decodeText(await handle.readFile(), encoding);
    if ('refused' in decoded) return refuse(decoded.refused);
    return parseTable(file, decoded.text);
  } finally {
    await handle.close();
  }
};

type Record_ = { readonly record: readonly string[]; readonly info: { readonly lines: number } };

/** @param text a comma-separated table with a heading, RFC 4180; fields may be quoted and hold line breaks */
export const parseTable = (file: string, text: string): Reading => {
  const refuse = (reason: string, row?: number): Reading => ({ refusals: [{ file, reason, ...(row ? { row } : {}) }] });
  let records: Record_[];
  try {
    records = parse(text, { bom: true, info: true, skip_empty_lines: true, trim: true, relax_column_count: true, max_record_size: MAXIMUM_RECORD_CHARACTERS }) as unknown as Record_[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number((error as { lines?: unknown }).lines) || undefined;
    return refuse(mend(error), line);
  }
  const [heading, ...body] = records;
  if (!heading) return refuse('is empty; its first line must name the columns');
  const columns = heading.record.map((name) => name.toLowerCase());
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) return refuse(`names the column ${twice} twice`, 1);

  const refusals: FileRefusal[] = [];
  const rows: Row[] = [];
  for (const { record, info } of body) {
    if (record.length !== columns.length) {
      refusals.push({ file, row: info.lines, reason: `has ${record.length} fields where the heading has ${columns.length}; the file may have been cut off or a comma not quoted` });
      continue;
    }
    rows.push({ line: info.lines, values: Object.fromEntries(columns.map((name, index) => [name, (record[index] ?? '').normalize('NFC')])) });
  }
  return { table: { file, columns, rows }, refusals };
};

const mend = (error: CsvError): string => {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'opens a quotation mark that is never closed; the file may have been cut off';
    case 'CSV_MAX_RECORD_SIZE':
      return `has a row longer than ${MAXIMUM_RECORD_CHARACTERS} characters; a quotation mark may be missing`;
    default:
      return `cannot be read as comma-separated values (${error.message.slice(0, 120)})`;
  }
};
