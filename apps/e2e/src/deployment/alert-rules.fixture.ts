import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const folder = join(import.meta.dirname, '../../../../deploy/observability');
const read = <T>(name: string): T => parse(readFileSync(join(folder, name), 'utf8')) as T;

export type Rule = { readonly alert: string; readonly expr: string; readonly for: string; readonly annotations: { readonly summary: string; readonly action: string } };
type RuleTest = { readonly name: string; readonly input_series: readonly { readonly series: string; readonly values: string }[]; readonly promql_expr_test: readonly { readonly eval_time: string; readonly exp_samples: readonly { readonly labels: string }[] }[] };

export const alertRules = (): readonly Rule[] => read<{ groups: { rules: Rule[] }[] }>('alerts.yml').groups.flatMap(({ rules }) => rules);
export const alertTests = (): readonly RuleTest[] => read<{ tests: RuleTest[] }>('alerts.test.yml').tests;

type Labels = Readonly<Record<string, string>>;
/** One value a minute from the first; undefined where there is none. */
export type Series = { readonly name: string; readonly labels: Labels; readonly values: readonly (number | undefined)[] };
type Matcher = { readonly label: string; readonly equal: boolean; readonly value: string };
export type Selector = { readonly name: string; readonly matchers: readonly Matcher[] };
type Sample = { readonly labels: Labels; readonly value: number };

const SELECTOR = /^([a-z_]+)(?:\{([^}]*)\})?$/;
const TERM = /^(?:(count|absent|increase)\(([^[()]+)(?:\[(\d+)m\])?\)|([^<>=]+?(?:\{[^}]*\})?))(?:\s*(==|>|<)\s*(\d+))?$/;

export const selectorOf = (text: string): Selector => {
  const [, name, matchers = ''] = SELECTOR.exec(text.trim()) ?? [];
  if (name === undefined) throw new Error(`${text} is no selector that is understood here`);
  return { name, matchers: [...matchers.matchAll(/([a-z_]+)(=|!=)"([^"]*)"/g)].map(([, label = '', sign, value = '']) => ({ label, equal: sign === '=', value })) };
};

/** `10+60x3` is 10, 70, 130, 190, as promtool has it. */
export const seriesOf = ({ series, values }: { readonly series: string; readonly values: string }): Series => {
  const { name, matchers } = selectorOf(series);
  const expanded = values.split(' ').flatMap((part) => {
    const [, start = '0', step = '0', times = '0'] = /^(-?\d+)([+-]\d+)?x(\d+)$/.exec(part) ?? [];
    return Array.from({ length: Number(times) + 1 }, (_, index) => Number(start) + index * Number(step));
  });
  return { name, labels: Object.fromEntries(matchers.map(({ label, value }) => [label, value])), values: expanded };
};

const termsOf = (expr: string) =>
  expr.split(' or ').map((text) => {
    const [, call, inner, minutes, plain, sign, limit] = TERM.exec(text.trim()) ?? [];
    if (call === undefined && plain === undefined) throw new Error(`${text} is no expression that is understood here`);
    return { call, selector: selectorOf(inner ?? plain ?? ''), minutes: Number(minutes ?? 0), sign, limit: Number(limit ?? 0) };
  });

export const selectorsOf = (expr: string): readonly Selector[] => termsOf(expr).map(({ selector }) => selector);

export const matches = ({ name, matchers }: Selector, series: Pick<Series, 'name' | 'labels'>): boolean =>
  series.name === name && matchers.every(({ label, equal, value }) => (series.labels[label] === value) === equal);

/** What an expression gives at a minute: the subset of PromQL that the rules use. */
export const evaluate = (expr: string, all: readonly Series[], minute: number): readonly Sample[] => {
  for (const { call, selector, minutes, sign, limit } of termsOf(expr)) {
    const found = all.filter((series) => matches(selector, series) && series.values[minute] !== undefined);
    const at = (series: Series, when: number): number => series.values[Math.max(when, 0)] ?? 0;
    const samples: Sample[] =
      call === 'count' ? (found.length > 0 ? [{ labels: {}, value: found.length }] : [])
      : call === 'absent' ? (found.length === 0 ? [{ labels: {}, value: 1 }] : [])
      : call === 'increase' ? found.map((series) => ({ labels: series.labels, value: at(series, minute) - at(series, minute - minutes) }))
      : found.map((series) => ({ labels: series.labels, value: at(series, minute) }));
    const kept = samples.filter(({ value }) => sign === undefined || (sign === '>' ? value > limit : sign === '<' ? value < limit : value === limit));
    if (kept.length > 0) return kept;
  }
  return [];
};

const minutesOf = (duration: string): number => Number(duration.replace(/m$/, ''));

/** The alerts that fire at a minute: those whose expression has held for as long as they say. */
export const firing = (rules: readonly Rule[], all: readonly Series[], evalTime: string): readonly string[] => {
  const now = minutesOf(evalTime);
  return rules.filter((rule) => Array.from({ length: minutesOf(rule.for) + 1 }, (_, back) => now - back).every((minute) => evaluate(rule.expr, all, minute).length > 0)).map(({ alert }) => alert);
};

/** What a metrics endpoint shows, as series of one value. */
export const seriesShown = (text: string): readonly Series[] =>
  text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value] = /^([a-z_]+)\{([^}]*)\} (\S+)/.exec(line) ?? [];
    return value === undefined ? [] : [{ name, labels: Object.fromEntries([...labels.matchAll(/([a-z_]+)="([^"]*)"/g)].map(([, label = '', shown = '']) => [label, shown])), values: [Number(value)] }];
  });
