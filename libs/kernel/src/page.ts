import { DomainError } from './domain-error.js';

export const PAGE_SIZE = { default: 50, most: 100 } as const;
/** A cursor holds the sort keys of one row; anything longer was not made here. */
const LONGEST_CURSOR = 2_000;

/** What a list asks for. Absent: the first 50 rows. */
export type PageRequest = { readonly first: number; readonly after: string };
/** `after`: the sort keys of the row after which the list goes on. */
export type Page = { readonly limit: number; readonly after?: readonly string[] };
export type PageInfo = { readonly hasNextPage: boolean; readonly endCursor: string; readonly totalCount: number };

const utf8 = { encode: new TextEncoder(), decode: new TextDecoder('utf-8', { fatal: true }) };

/** Hides the sort keys of a row in an opaque, URL-safe word. */
export const cursorOf = (values: readonly string[]): string => {
  const bytes = utf8.encode.encode(JSON.stringify(values));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
};

const valuesOf = (cursor: string): readonly string[] | undefined => {
  if (cursor.length > LONGEST_CURSOR || !/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  try {
    const binary = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
    const values: unknown = JSON.parse(utf8.decode.decode(Uint8Array.from(binary, (char) => char.charCodeAt(0))));
    const sound = Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string' && !value.includes('\0'));
    return sound ? (values as string[]) : undefined;
  } catch {
    return undefined;
  }
};

const refuseCursor = (): never => {
  throw new DomainError('invalid', 'CURSOR_INVALID', 'This cursor was not given by this list; use the endCursor of the page before, or leave it out to start over.', { path: ['page', 'after'] });
};

/**
 * Checks what page was asked for.
 * @param keys how many sort keys the list's cursor holds
 * @throws DomainError PAGE_SIZE_INVALID, CURSOR_INVALID
 */
export const readPage = (page: PageRequest | undefined, keys?: number): Page => {
  if (!page) return { limit: PAGE_SIZE.default };
  if (!Number.isInteger(page.first) || page.first < 1 || page.first > PAGE_SIZE.most)
    throw new DomainError('invalid', 'PAGE_SIZE_INVALID', `Ask for 1 to ${PAGE_SIZE.most} rows at a time; ${page.first} were asked for.`, { path: ['page', 'first'] });
  if (page.after === '') return { limit: page.first };
  const after = valuesOf(page.after) ?? refuseCursor();
  if (keys !== undefined && after.length !== keys) refuseCursor();
  return { limit: page.first, after };
};

/**
 * Cuts a page out of `limit + 1` rows that were read to learn whether there are more.
 * @param keysOf the sort keys of a row, as text
 */
export const pageOf = <T>(
  rows: readonly T[],
  { limit }: Page,
  totalCount: number,
  keysOf: (row: T) => readonly string[],
): { readonly rows: readonly T[]; readonly pageInfo: PageInfo } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { rows: shown, pageInfo: { hasNextPage: rows.length > limit, endCursor: last === undefined ? '' : cursorOf(keysOf(last)), totalCount } };
};
