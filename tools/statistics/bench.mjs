#!/usr/bin/env node
// `npm run bench:statistics -- [rounds]`: libs/statistics beside R, round by round, where R is there. Writes bench/results/statistics.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as statistics from '../../libs/statistics/dist/index.js';
import { describeMachine } from '../bench/dist/harness/machine.js';
import { workspace, writeTable } from '../bench/dist/harness/results-folder.js';
import { hasR, inR, seeded, trials, vector } from './in-r.mjs';

const rounds = Number(process.argv[2] ?? 3);
const { uniform, normal } = seeded(7);
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));

const poolOf = (k) => {
  const v = times(k, () => 0.01 + uniform() * 0.1);
  const y = v.map((one) => 0.3 + 0.4 * normal() + Math.sqrt(one) * normal());
  const effects = trials(statistics, y, v);
  return { data: `y=${vector(y)};v=${vector(v)}`, ours: () => statistics.pool(effects).pooled.standardError, r: 'rma(y,v,test="knha")$se' };
};
const people = times(200, (cluster) => ({ cluster, shift: normal() * 0.3 })).flatMap(({ cluster, shift }) => times(25, () => ({ cluster, treated: cluster % 2, value: shift + normal() })));
const observations = people.map(({ cluster, treated, value }) => ({ value, arm: treated ? 'treatment' : 'comparison', cluster: `c${cluster}` }));
const waves = times(2000, (person) => ({ person, level: normal(), slope: normal() * 0.5 })).flatMap(({ person, level, slope }) => times(4, (wave) => ({ person, wave, value: level + (0.3 + slope) * wave + normal() })));
const panel = { outcome: waves.map((one) => one.value), design: waves.map((one) => [1, one.wave]), groups: waves.map((one) => `p${one.person}`), slope: waves.map((one) => one.wave) };
const table = statistics.crossTable(times(20, () => times(20, () => (uniform() < 0.3 ? Math.floor(uniform() * 6) : 5 + Math.floor(uniform() * 60)))));
const { withheld } = statistics.suppressTable(table, { threshold: 5 });

const contenders = [
  { name: 'statistics-pool-27', title: 'REML and HKSJ, 27 studies', repeat: 20, within: 1e-4, ...poolOf(27) },
  { name: 'statistics-pool-1000', title: 'REML and HKSJ, 1,000 studies', repeat: 2, within: 1e-4, ...poolOf(1000) },
  {
    name: 'statistics-cr2', title: 'CR2 of two arms, 5,000 people in 200 clusters', repeat: 2, within: 1e-8,
    data: `d=data.frame(y=${vector(people.map((one) => one.value))},t=${vector(people.map((one) => one.treated))},g=${vector(people.map((one) => one.cluster))})`,
    ours: () => statistics.twoArmDifference(observations).standardError, r: 'coef_test(lm(y~t,data=d),vcov="CR2",cluster=d$g)$SE[2]',
  },
  {
    name: 'statistics-random-slope', title: 'random slope by REML, 2,000 people at 4 waves', repeat: 1, within: 1e-3,
    data: `d=data.frame(y=${vector(waves.map((one) => one.value))},w=${vector(waves.map((one) => one.wave))},p=${vector(waves.map((one) => one.person))})`,
    ours: () => statistics.mixedModel(panel).estimates[1].standardError, r: 'sqrt(vcov(lmer(y~w+(w|p),data=d))[2,2])',
  },
  { name: 'statistics-suppression-audit', title: 'linear-programming audit of a 20 by 20 table', repeat: 1, ours: () => statistics.auditTable(table, withheld, { threshold: 5 }).filter(({ solvable }) => solvable).length, expected: 0 },
];

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
const timed = (work, repeat) => {
  const start = performance.now();
  for (let count = 0; count < repeat; count++) work();
  return (performance.now() - start) / repeat;
};
const withR = hasR(['metafor', 'clubSandwich', 'lme4']);
if (!withR) process.stderr.write('R with metafor, clubSandwich and lme4 is not there: figures stand without it.\n');
const inRound = ({ data, r, repeat }) => {
  const [[milliseconds, answer]] = inR(`suppressMessages({library(metafor);library(clubSandwich);library(lme4)}); ${data}; invisible(${r}); t <- proc.time()[["elapsed"]]; for (i in 1:${repeat}) a <- ${r}; cat("=", format(c(1000*(proc.time()[["elapsed"]]-t)/${repeat}, a), digits=12), "\n")`);
  return { milliseconds, answer };
};

const results = contenders.map((one) => {
  const answer = one.ours();
  const seen = times(rounds, () => ({ ours: timed(one.ours, one.repeat), r: withR && one.r ? inRound(one) : undefined }));
  for (const { r } of seen) if (r && !(Math.abs(r.answer - answer) <= one.within * Math.abs(r.answer))) throw new Error(`${one.name}: R says ${r.answer}, we say ${answer}`);
  if (one.expected !== undefined && answer !== one.expected) throw new Error(`${one.name}: ${answer} in place of ${one.expected}`);
  const beside = seen.every(({ r }) => r);
  return {
    name: one.name, title: one.title, unit: 'ms', ours: median(seen.map(({ ours }) => ours)),
    anchors: beside ? { R: median(seen.map(({ r }) => r.milliseconds)) } : {},
    ratios: beside ? { R: median(seen.map(({ ours, r }) => ours / r.milliseconds)) } : {},
    rounds, checked: true, machine: describeMachine(), ...(beside ? { targets: [{ ratio: 'R', atMost: 1 }] } : {}),
  };
});
const folder = join(workspace, 'bench/results');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'statistics.json'), `${JSON.stringify(results, null, 2)}\n`);
writeTable();
for (const { title, ours, anchors } of results) process.stdout.write(`${title}: ${ours.toFixed(2)} ms${anchors.R === undefined ? '' : `, R ${anchors.R.toFixed(2)} ms`}\n`);
