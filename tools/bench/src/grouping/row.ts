import { describeMachine } from '../harness/machine.js';
import type { BenchResult, Machine } from '../harness/result.js';

export type GroupingRow = {
  readonly instance: string;
  readonly n: number;
  readonly groups: number;
  readonly seconds: number;
  /** What was found, higher is better. */
  readonly value: number;
  /** The best known, or a bound that nothing is above; null where there is neither. */
  readonly reference: number | null;
  /** Value over reference. Where a value may be below 0: the share of the way from chance to the reference. */
  readonly share: number | null;
  /** Groups by chance, and one descent from there by swaps; null where that means nothing. */
  readonly random: number | null;
  readonly localSearch: number | null;
};

/** A row, and what the table of all benchmarks says of it. */
export type Measured = {
  readonly row: GroupingRow;
  readonly title: string;
  readonly unit: string;
  /** Where one instance is measured with several budgets: tells their lines apart. */
  readonly budgetMs?: number;
  /** What the share must be at least. */
  readonly atLeast?: number;
  readonly also?: Readonly<Record<string, number>>;
  readonly note?: string;
};

const nameOf = (instance: string, budgetMs?: number): string => `grouping-${instance.replaceAll(/[^A-Za-z0-9]+/g, '-')}${budgetMs === undefined ? '' : `-${budgetMs}-ms`}`;

export const resultOf = ({ row, title, unit, budgetMs, atLeast, also, note }: Measured, machine: Machine = describeMachine()): BenchResult & GroupingRow => {
  const anchors = Object.entries({ reference: row.reference, random: row.random, 'local search': row.localSearch }).filter((entry): entry is [string, number] => entry[1] !== null);
  return {
    ...row,
    name: nameOf(row.instance, budgetMs),
    title,
    unit,
    ours: row.value,
    anchors: Object.fromEntries(anchors),
    ratios: row.share === null ? {} : { reference: row.share },
    rounds: 1,
    checked: true,
    machine,
    ...(atLeast === undefined ? {} : { targets: [{ ratio: 'reference', atLeast }] }),
    also: { seconds: row.seconds, ...also },
    ...(note === undefined ? {} : { note }),
  };
};

const number = (value: number | null, digits: number): string => (value === null ? '-' : value.toFixed(digits));

/** The rows as a person reads them at the end of a run. */
export const printed = (rows: readonly GroupingRow[]): string => {
  const lines = [
    ['instance', 'n', 'groups', 'seconds', 'value', 'reference', 'share', 'random', 'local search'],
    ...rows.map((row) => [row.instance, String(row.n), String(row.groups), row.seconds.toFixed(2), number(row.value, 2), number(row.reference, 2), row.share === null ? '-' : `${(100 * row.share).toFixed(2)} %`, number(row.random, 2), number(row.localSearch, 2)]),
  ];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines.map((line) => line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ')).join('\n');
};

/** @throws Error: a figure whose answer is wrong is none */
export const insist = (right: boolean, complaint: string): void => {
  if (!right) throw new Error(complaint);
};

export const timed = async <T>(work: () => Promise<T> | T): Promise<{ readonly answer: T; readonly seconds: number }> => {
  const started = performance.now();
  const answer = await work();
  return { answer, seconds: (performance.now() - started) / 1000 };
};
