import { type BenchResult, faultOf, meetsTargets, type Target } from './result.js';

const HEAD = `# Benchmarks

Written by \`npm run bench\`; do not edit. Each line is one file of [results](results), and says what it ran on.
Contenders take turns within one run. Figures are medians over the rounds; in brackets the lowest and highest.
A ratio is ours over the anchor of that name, unless the line says otherwise. Answers are checked: a benchmark whose answer is wrong fails.
What the figures mean, and where the time goes: [performance](../docs/performance.md).
`;

const words = (pairs: readonly string[]): string => (pairs.length > 0 ? pairs.join('<br>') : '-');

/** Thousands in groups, small numbers in three digits. */
const figure = (value: number): string => (Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3))));

const within = (result: BenchResult, contender: string): string => {
  const spread = result.spread?.[contender];
  return spread ? ` (${figure(spread.low)}-${figure(spread.high)})` : '';
};

const bound = ({ ratio, atLeast, atMost }: Target): string => [...(atLeast === undefined ? [] : [`${ratio} ≥ ${atLeast}`]), ...(atMost === undefined ? [] : [`${ratio} ≤ ${atMost}`])].join(', ');

const verdict = (result: BenchResult): string => {
  const met = meetsTargets(result);
  return met === undefined ? '-' : met ? 'met' : '**missed**';
};

const lineOf = (result: BenchResult): string => {
  const { name, title, unit, ours, anchors, ratios, targets = [], cpuMs = {}, also = {}, rounds, note } = result;
  const cells = [
    name,
    [title ?? '', note ? `*${note}*` : ''].filter(Boolean).join('<br>'),
    unit,
    `${figure(ours)}${within(result, 'ours')}`,
    words(Object.entries(anchors).map(([anchor, value]) => `${anchor} ${figure(value)}${within(result, anchor)}`)),
    words(Object.entries(ratios).map(([ratio, value]) => `${ratio} ${figure(value)}`)),
    words(targets.map(bound)),
    verdict(result),
    words(Object.entries(cpuMs).map(([who, value]) => `${who} ${figure(value)}`)),
    words(Object.entries(also).map(([what, value]) => `${what} ${figure(value)}`)),
    String(rounds),
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
};

const machineOf = ({ machine }: BenchResult): string => Object.entries(machine).map(([what, value]) => `${what} ${value}`).join(', ');

/** The Markdown table of all results, sorted by name, and the machines below it. */
export const tableOf = (results: readonly BenchResult[]): string => {
  const sorted = [...results].sort((left, right) => left.name.localeCompare(right.name, 'en', { numeric: true }));
  const machines = new Map<string, string[]>();
  for (const result of sorted) machines.set(machineOf(result), [...(machines.get(machineOf(result)) ?? []), result.name]);
  return [
    HEAD,
    '| name | what | unit | ours | anchors | ratios | target | | CPU ms an operation | also | rounds |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...sorted.map(lineOf),
    '',
    ...[...machines].map(([machine, names]) => `- ${names.join(', ')}: ${machine}.`),
    '',
  ].join('\n');
};

/** What lies in one file: one result or a list of them. @throws Error that names the file and the fault */
export const readResults = (file: string, text: string): BenchResult[] => {
  const parsed: unknown = JSON.parse(text);
  const results = Array.isArray(parsed) ? parsed : [parsed];
  for (const result of results) {
    const fault = faultOf(result);
    if (fault) throw new Error(`${file}: ${fault}.`);
  }
  return results as BenchResult[];
};
