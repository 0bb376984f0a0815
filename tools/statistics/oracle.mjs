#!/usr/bin/env node
// Random inputs through R and through libs/statistics, and what differs. Needs R with metafor, clubSandwich and lme4; no test does.
// `npm run oracle:statistics -- [cases] [seed]`
import * as statistics from '../../libs/statistics/dist/index.js';
import { hasR, inR, seeded, trials, vector } from './in-r.mjs';

const [cases = 40, seed = 1] = process.argv.slice(2).map(Number);
if (!hasR(['metafor', 'clubSandwich', 'lme4'])) {
  process.stderr.write('This needs Rscript with metafor, clubSandwich and lme4 (Debian: r-base-core r-cran-metafor r-cran-clubsandwich r-cran-lme4).\n');
  process.exit(1);
}
const { uniform, normal } = seeded(seed);
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const methods = ['REML', 'ML', 'DL', 'PM', 'HE', 'HS', 'SJ'];

const pools = times(cases, () => {
  const k = 3 + Math.floor(uniform() * 25);
  const tau = uniform() * 0.6;
  const v = times(k, () => 0.01 + uniform() * 0.2);
  return { v, y: v.map((one) => 0.2 + tau * normal() + Math.sqrt(one) * normal()), x: times(k, () => normal()) };
});
const poolsInR = inR(`suppressMessages(library(metafor)); options(digits=15); out <- function(...) cat("=", format(c(...), digits=15), "\n")
ctl <- list(threshold=1e-12, maxiter=10000, tol=1e-12)
for (d in list(${pools.map(({ y, v, x }) => `list(y=${vector(y)},v=${vector(v)},x=${vector(x)})`).join(',')})) {
  r <- rma(d$y, d$v, test="knha", control=ctl); m <- rma(d$y, d$v, mods=~d$x, test="knha", control=ctl); e <- regtest(d$y, d$v, model="lm")
  out(sapply(c(${methods.map((name) => `"${name}"`).join(',')}), function(n) rma(d$y, d$v, method=n, control=ctl)$tau2), r$beta, r$se, r$ci.lb, r$ci.ub, r$QE, r$I2/100, m$beta[2], m$se[2], e$zval)
}`);
const oursOfPool = ({ y, v, x }) => {
  const effects = trials(statistics, y, v, (index) => ({ moderators: { x: x[index] } }));
  const { pooled, heterogeneity: h } = statistics.pool(effects);
  const [slope] = statistics.metaRegression(effects, { moderators: ['x'] }).moderators;
  return [...methods.map((tau2Method) => statistics.pool(effects, { tau2Method }).heterogeneity.tau2), pooled.estimate, pooled.standardError, pooled.intervalLow, pooled.intervalHigh, h.q, h.i2, slope.estimate, slope.standardError, statistics.eggerTest(effects).asymmetry.statistic];
};

const clustered = times(cases, () => {
  const sizes = times(6 + Math.floor(uniform() * 14), () => 2 + Math.floor(uniform() * 12));
  const rows = sizes.flatMap((size, cluster) => {
    const shift = normal() * 0.5;
    return times(size, () => ({ cluster, treated: cluster % 2, value: shift + normal() }));
  });
  return rows;
});
const clusteredInR = inR(`suppressMessages(library(clubSandwich)); out <- function(...) cat("=", format(c(...), digits=15), "\n")
for (d in list(${clustered.map((rows) => `data.frame(y=${vector(rows.map((one) => one.value))},t=${vector(rows.map((one) => one.treated))},g=${vector(rows.map((one) => one.cluster))})`).join(',')})) {
  m <- lm(y ~ t, data=d); k <- coef_test(m, vcov="CR2", cluster=d$g)[2,]; out(k$beta, k$SE, if (is.null(k$df)) k$df_Satt else k$df)
}`);
const oursOfClustered = (rows) => {
  const fit = statistics.twoArmDifference(rows.map(({ value, treated, cluster }) => ({ value, arm: treated ? 'treatment' : 'comparison', cluster: `c${cluster}` })));
  return [fit.estimate, fit.standardError, fit.df];
};

const panels = times(Math.ceil(cases / 4), () => times(30, (person) => ({ person, level: normal(), slope: normal() * 0.5 })).flatMap(({ person, level, slope }) => times(4, (wave) => ({ person, wave, value: level + (0.3 + slope) * wave + normal() }))));
const panelsInR = inR(`suppressMessages(library(lme4)); out <- function(...) cat("=", format(c(...), digits=15), "\n")
for (d in list(${panels.map((rows) => `data.frame(y=${vector(rows.map((one) => one.value))},w=${vector(rows.map((one) => one.wave))},p=${vector(rows.map((one) => one.person))})`).join(',')})) {
  m <- suppressMessages(lmer(y ~ w + (w|p), data=d)); out(fixef(m), sqrt(diag(as.matrix(vcov(m)))), REMLcrit(m))
}`);
const oursOfPanel = (rows) => {
  const fit = statistics.mixedModel({ outcome: rows.map((one) => one.value), design: rows.map((one) => [1, one.wave]), groups: rows.map((one) => `p${one.person}`), slope: rows.map((one) => one.wave) });
  return [...fit.estimates.map((one) => one.estimate), ...fit.estimates.map((one) => one.standardError), fit.criterion];
};

/** Relative to the figure's size, absolute below 1. */
const apart = (one, other) => Math.abs(one - other) / Math.max(1, Math.abs(other));
const compare = (name, inputs, reference, compute, tolerance) => {
  const worst = Math.max(...inputs.map((input, index) => Math.max(...compute(input).map((value, at) => apart(value, reference[index][at])))));
  const met = worst <= tolerance && reference.length === inputs.length;
  process.stdout.write(`${met ? '✓' : '✗'} ${name}: ${inputs.length} inputs, largest difference ${worst.toExponential(2)}, allowed ${tolerance}\n`);
  return met;
};
const results = [
  compare('metafor: tau2 by seven methods, HKSJ, Q, I2, meta-regression, Egger', pools, poolsInR, oursOfPool, 1e-8),
  compare('clubSandwich: CR2 and Satterthwaite df of two arms', clustered, clusteredInR, oursOfClustered, 1e-10),
  compare('lme4: random intercept and slope by REML', panels, panelsInR, oursOfPanel, 1e-4),
];
process.exit(results.every(Boolean) ? 0 : 1);
