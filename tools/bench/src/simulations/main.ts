import { highsSolver } from '@common-ground/statistics';
import highs from 'highs';
import { isHit, tableOf, type Check } from './check.js';
import { coverage } from './coverage.js';
import { powerOfDesigns } from './power.js';
import { runLengths } from './run-lengths.js';
import { suppressionBy } from './suppression.js';

/** The package calls itself CommonJS, so its types put the loader one level deeper than it is. */
const load = highs as unknown as typeof highs.default;

const main = async (): Promise<number> => {
  const simulations = [coverage, powerOfDesigns, runLengths, suppressionBy(highsSolver(await load()))];
  const wanted = process.argv.slice(2);
  const unknown = wanted.filter((name) => !simulations.some((one) => one.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no simulation "${unknown.join('", "')}". There are: ${simulations.map((one) => one.name).join(', ')}.\n`);
    return 2;
  }
  const checks: Check[] = [];
  for (const { name, title, run } of simulations.filter((one) => wanted.length === 0 || wanted.includes(one.name))) {
    const started = process.hrtime.bigint();
    process.stderr.write(`• ${name}: ${title}\n`);
    checks.push(...run(1));
    process.stderr.write(`  ${Number((process.hrtime.bigint() - started) / 1_000_000_000n)} s\n`);
  }
  process.stdout.write(`${tableOf(checks)}\n`);
  const missed = checks.filter((one) => !isHit(one));
  process.stderr.write(missed.length > 0 ? `✗ ${missed.length} of ${checks.length} missed\n` : `✓ all ${checks.length} within their bands\n`);
  return missed.length > 0 ? 1 : 0;
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
