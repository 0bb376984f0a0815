#!/usr/bin/env node
// `npm test`: installs what the tests need, runs all of them and ends with one line that counts them.
// `npm run test:faults`: kills under load, and 200 rounds at each failpoint; --rounds, --transport, --failpoint and --seed choose among these.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs, stripVTControlCharacters } from 'node:util';
import { build, install, projectNode, root, run, step, StepFailed } from './steps.mjs';
import { checkTools } from './tools.mjs';

const results = join(root, '.test-results');
const total = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const ci = process.env.CI === 'true';
const started = Date.now();

/** A check that is one pass or one failure by itself: lint, types, generated files. */
const check = async (title, work) => {
  try {
    await step(title, work);
    total.passed += 1;
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error;
    process.stderr.write(`✗ ${title}: ${error.message}\n`);
    total.failed += 1;
    failures.push(title);
  }
};

/** One Jest run over the whole workspace; its own counts are added. */
const jest = async (kind, env = {}) => {
  const report = join(results, `${kind}.json`);
  await step(`${kind} tests`, () =>
    run(
      projectNode(),
      ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js'), '--config', `jest.${kind}.config.mjs`, '--rootDir', root, '--json', '--outputFile', report, '--silent=false', ...(kind === 'unit' ? ['--maxWorkers=2'] : [])],
      { env },
    ),
  ).catch((error) => {
    if (!(error instanceof StepFailed)) throw error;
  });
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    total.passed += numPassedTests;
    total.failed += numFailedTests + numRuntimeErrorTestSuites;
    total.skipped += numPendingTests;
    if (numFailedTests + numRuntimeErrorTestSuites > 0) failures.push(`${kind} tests`, ...failedIn(testResults));
  } catch {
    total.failed += 1;
    failures.push(`${kind} tests wrote no report`);
  }
};

/** Each failed test by its file and name, so that the last lines of a long run say what to look at. */
const failedIn = (testResults) =>
  testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const failed = assertionResults.filter(({ status }) => status === 'failed');
    const said = ({ fullName, failureMessages }) => `  ${file} › ${fullName}: ${firstLine(failureMessages[0])}`;
    return failed.length > 0 ? failed.map(said) : assertionResults.length === 0 && message ? [`  ${file}: ${firstLine(message)}`] : [];
  });
const firstLine = (text = '') => stripVTControlCharacters(text).split('\n').filter((line) => line.trim() !== '').slice(0, 4).map((line) => line.trim()).join(' | ').slice(0, 300);

const finish = () => {
  const minutes = Math.round((Date.now() - started) / 6_000) / 10;
  process.stdout.write(`\nThe whole run took ${minutes} minutes.\n${failures.length > 0 ? `Failed:\n${failures.join('\n')}\n` : ''}`);
  process.stdout.write(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}\n`);
  process.exitCode = total.failed > 0 ? 1 : 0;
};

const nx = (target, parallel = 2) =>
  run(projectNode(), [join(root, 'node_modules/nx/dist/bin/nx.js'), 'run-many', '-t', target, '--output-style=static', `--parallel=${parallel}`, ...(ci ? ['--skip-nx-cache'] : [])], { quiet: true });

const KINDS = ['checks', 'unit', 'int', 'e2e', 'crash', 'faults'];
const ROUNDS_ON_DEMAND = '200';

/** Kinds of tests to run, none for all; and what is said of rounds at failpoints, as their specs read it. */
const readArguments = () => {
  const text = { type: 'string' };
  const { positionals: only, values } = parseArgs({ allowPositionals: true, options: { rounds: text, transport: text, failpoint: text, seed: text } });
  const odd = only.find((kind) => !KINDS.includes(kind));
  if (odd) throw new StepFailed(`There are no tests of the kind ${odd}; there are ${KINDS.join(', ')}.`);
  const rounds = values.rounds ?? (only.includes('faults') ? ROUNDS_ON_DEMAND : undefined);
  const crash = { CRASH_ROUNDS: rounds, CRASH_TRANSPORT: values.transport, CRASH_FAILPOINT: values.failpoint, CRASH_SEED: values.seed };
  return { only, crash: Object.fromEntries(Object.entries(crash).filter(([, value]) => value !== undefined)) };
};

const main = async () => {
  const { only, crash } = readArguments();
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  await install();
  await build();
  const tools = checkTools({ ci });
  for (const line of tools.messages) process.stderr.write(`! ${line}\n`);
  if (ci && tools.missing.length > 0) throw new StepFailed(`CI skips nothing, and these are missing: ${tools.missing.join(', ')}.`);

  const wanted = (name) => only.length === 0 || only.includes(name);
  if (wanted('checks')) {
    await check('Generated files are fresh', () => run(projectNode(), [join(root, 'tools/scripts/gen.mjs'), '--check'], { quiet: true }));
    await check('Contracts are well-formed', () => run(join(root, 'node_modules/.bin/buf'), ['lint'], { cwd: join(root, 'proto'), quiet: true }));
    await check('Contracts break no released one', () => run(join(root, 'node_modules/.bin/buf'), ['breaking', '--against', 'released.binpb'], { cwd: join(root, 'proto'), quiet: true }));
    await check('Lint and boundaries', () => nx('lint'));
    await check('Types of code and tests', () => nx('typecheck'));
  }
  const env = { COMMON_GROUND_NO_KAFKA: tools.missing.includes('Java and Maven') ? 'true' : '' };
  if (wanted('unit')) await jest('unit', env);
  if (wanted('int')) await jest('int', env);
  if (wanted('e2e')) await jest('e2e', env);
  if (wanted('crash')) await jest('crash', { ...env, ...crash });
  // Kills under load; by its own command only.
  if (only.includes('faults')) await jest('faults', env);
};

main().then(finish, (error) => {
  if (!(error instanceof StepFailed)) throw error;
  process.stderr.write(`\n✗ ${error.message}\n`);
  total.failed += 1;
  finish();
});
