import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** Known answers and their data sets stand beside the project, not in it: their licences are their sources'. */
const FOLDER = join(import.meta.dirname, '../../../../../shared/data');

export type GoldenRow = {
  readonly area: string;
  readonly case: string;
  readonly quantity: string;
  /** One number, or several with blanks between. */
  readonly expected: readonly number[];
  /** Absolute, one for each expected number. */
  readonly tolerances: readonly number[];
};

export const goldenRowsArePresent = existsSync(join(FOLDER, 'golden.csv'));

/** Rows of a data set of the folder, text by column; the folder must be there. */
export const readDataSet = (file: string): Record<string, string>[] =>
  parse<Record<string, string>>(readFileSync(join(FOLDER, file)), { columns: true });

/** Every known answer, none when the folder is absent. */
export const readGoldenRows = (): GoldenRow[] =>
  goldenRowsArePresent
    ? readDataSet('golden.csv').map((row) => ({
        area: row['area'] ?? '',
        case: row['case'] ?? '',
        quantity: row['quantity'] ?? '',
        expected: printed(row).map(Number),
        tolerances: printed(row).map((number) => Math.max(Number(row['tolerance']), rounding(number))),
      }))
    : [];

const printed = (row: Record<string, string>): string[] => (row['expected'] ?? '').split(' ');

/**
 * Half a unit of the last printed digit: a fraction printed to five digits or more was rounded there, and some rows ask
 * for more digits than they print. Whole numbers and short decimals are taken as exact.
 */
const rounding = (number: string): number => {
  const decimals = number.split('.')[1]?.length ?? 0;
  const digits = number.replace(/^-?[0.]*/, '').replace('.', '').length;
  return decimals > 0 && digits >= 5 && !number.includes('e') ? 0.5 * 10 ** -decimals : 0;
};

/** What this library says to a known answer; computed only when the row is tested, as it may read a data set. */
export type GoldenAnswer = () => number | readonly number[];

/** A known answer whose source itself is off by more than its tolerance; the true value is asserted in a spec of its own. */
export type SourceIsOff = { readonly answer: GoldenAnswer; readonly sourceError: number; readonly because: string };

/** A known answer about data that stand nowhere in the folder: named, and counted as skipped. */
export type OutOfReach = { readonly needs: string };

/** Quantity -> answer by case, both exactly as `golden.csv` writes them, for one of its areas. */
export type GoldenClaims = {
  readonly area: string;
  readonly cases: Readonly<Record<string, Readonly<Record<string, GoldenAnswer | SourceIsOff | OutOfReach>>>>;
};

/** The figure of a result that must be estimable. */
export const estimated = <T extends { readonly estimable: boolean }>(
  result: T,
): Extract<T, { readonly estimable: true }> => {
  if (!result.estimable) throw new Error(`not estimable: ${JSON.stringify(result)}`);
  return result as Extract<T, { readonly estimable: true }>;
};

/** Computes once, when first asked. */
export const once = <T>(compute: () => T): (() => T) => {
  let kept: { readonly value: T } | undefined;
  return () => (kept ??= { value: compute() }).value;
};
