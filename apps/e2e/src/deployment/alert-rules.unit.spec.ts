import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { alertRules, alertTests, evaluate, firing, selectorsOf, seriesOf, seriesShown } from './alert-rules.fixture.js';
import { workspace } from './deployment-files.fixture.js';

const rules = alertRules();
const [quiet, loud] = alertTests();
const seriesIn = (test: typeof quiet) => (test?.input_series ?? []).map(seriesOf);
const evalTime = (test: typeof quiet) => test?.promql_expr_test[0]?.eval_time ?? '';

describe('the alert rules', () => {
  it('are silent while all is well, and while what is wrong has not lasted', () => {
    expect(firing(rules, seriesIn(quiet), evalTime(quiet))).toEqual([]);
  });

  it('fire, each of them, on what needs a person, as promtool is told to expect', () => {
    const expected = loud?.promql_expr_test[0]?.exp_samples.map(({ labels }) => /alertname="(\w+)"/.exec(labels)?.[1]);
    expect(firing(rules, seriesIn(loud), evalTime(loud))).toEqual(expected);
    expect(expected).toEqual(rules.map(({ alert }) => alert));
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))('%s falls silent when its own figure is well again', (alert, rule) => {
    const well = seriesIn(quiet);
    const names = new Set(seriesIn(quiet).map(({ name }) => name));
    const own = [...names].filter((name) => selectorsOf(rule.expr).some((selector) => selector.name === name));
    const mended = [...seriesIn(loud).filter(({ name }) => !own.includes(name)), ...well.filter(({ name }) => own.includes(name))];
    expect(own).toHaveLength(1);
    expect(firing(rules, mended, evalTime(loud))).not.toContain(alert);
  });

  it('say what to do, and name no command and no query that is not there', () => {
    const scripts = Object.keys((JSON.parse(readFileSync(join(workspace, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts);
    for (const { alert, annotations } of rules) {
      expect([alert, annotations.action.length > 60, annotations.summary.length > 10]).toEqual([alert, true, true]);
      for (const [, script] of annotations.action.matchAll(/npm run ([\w:]+)/g)) expect(scripts).toContain(script);
    }
  });

  it('are read as Prometheus reads them', () => {
    const series = [{ name: 'a', labels: { x: '1' }, values: [1, 2, 10] }, { name: 'a', labels: { x: '2' }, values: [5, 5, 5] }];
    expect(evaluate('a > 5', series, 2)).toEqual([{ labels: { x: '1' }, value: 10 }]);
    expect(evaluate('a{x!="1"} == 5', series, 2)).toEqual([{ labels: { x: '2' }, value: 5 }]);
    expect(evaluate('increase(a[2m]) > 0', series, 2)).toEqual([{ labels: { x: '1' }, value: 9 }]);
    expect(evaluate('count(a) < 3 or absent(a)', series, 0)).toEqual([{ labels: {}, value: 2 }]);
    expect(evaluate('count(b) < 3 or absent(b)', series, 0)).toEqual([{ labels: {}, value: 1 }]);
    expect(evaluate('a > 5', series, 3)).toEqual([]);
    expect(() => evaluate('rate(a[5m]) * 2 > 1', series, 0)).toThrow('understood here');
    expect(seriesOf({ series: 'a{x="1"}', values: '1x1 10+5x2' }).values).toEqual([1, 1, 10, 15, 20]);
    expect(seriesShown('# TYPE a gauge\na{x="1",service_name="s"} 4\n')).toEqual([{ name: 'a', labels: { x: '1', service_name: 's' }, values: [4] }]);
  });
});
