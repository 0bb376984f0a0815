import { spawnSync } from 'node:child_process';

/** Whether Rscript is there with the packages named. */
export const hasR = (packages) => spawnSync('Rscript', ['-e', packages.map((name) => `library(${name})`).join(';')], { encoding: 'utf8' }).status === 0;

/** Runs a program in R. @returns the numbers that it printed, one list a line; text that is no number is left out */
export const inR = (program) => {
  const run = spawnSync('Rscript', ['-'], { input: program, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (run.status !== 0) throw new Error(`R failed: ${run.stderr}`);
  return run.stdout.split('\n').filter((line) => line.startsWith('= ')).map((line) => line.slice(2).trim().split(/\s+/).map(Number));
};

export const vector = (values) => `c(${values.join(',')})`;

/** Deviates from a seed, so that a run can be had again. */
export const seeded = (seed) => {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
};

const design = { waves: 2, assignment: 'randomised', unit: 'person', people: { treatment: 50, comparison: 50 } };
/** Trials with these estimates and variances. */
export const trials = ({ effectSize, ofClaim }, estimates, variances, more = () => ({})) =>
  ofClaim('effect', estimates.map((estimate, index) => effectSize(design, { study: `s${index}`, estimate, variance: variances[index], ...more(index) })));
