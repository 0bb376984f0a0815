/** A figure that was simulated, and the band it must lie in. */
export type Check = {
  readonly name: string;
  readonly measured: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
};

export type Simulation = {
  readonly name: string;
  readonly title: string;
  /** @param share - of the full number of runs; 1 is what the bands are meant for */
  readonly run: (share: number) => readonly Check[];
};

export const isHit = ({ measured, least, most }: Check): boolean => measured >= least && measured <= most;

/** Runs of a share of a full simulation, one at least. */
export const runsOf = (full: number, share: number): number => Math.max(1, Math.round(full * share));

const figure = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(5));

/** One line a check, aligned. */
export const tableOf = (checks: readonly Check[]): string => {
  const rows = [
    ['', 'simulated', 'least', 'most', 'runs', ''],
    ...checks.map((one) => [
      one.name,
      figure(one.measured),
      figure(one.least),
      figure(one.most),
      String(one.runs),
      isHit(one) ? 'ok' : 'MISSED',
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length))) ?? [];
  return rows
    .map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '))
    .join('\n');
};
