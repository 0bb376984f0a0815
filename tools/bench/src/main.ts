import { parseArgs } from 'node:util';
import { Logger } from '@nestjs/common';
import { BENCHMARKS } from './benchmarks.js';
import { isKafkaToBeHad } from './harness/kafka.js';
import { writeResults, writeTable } from './harness/results-folder.js';
import { Stage } from './stage/stage.js';

const USAGE = `Measures the platform beside plain programs that do the same, and writes bench/results and bench/README.md.

  npm run bench                       everything, about half an hour
  npm run bench -- NAME [NAME ...]    some
  npm run bench -- --table            the table anew, from the results that lie there
  --quick                             tiny sizes: are answers right? Writes nothing

${BENCHMARKS.map(({ name, title }) => `  ${name.padEnd(10)} ${title}`).join('\n')}
`;

const say = (line: string): void => void process.stderr.write(`• ${line}\n`);

// The event log tells what it retries by itself; that is no news here.
Logger.overrideLogger(['warn', 'error', 'fatal']);

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean', default: false }, table: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
  const unknown = positionals.filter((wanted) => !BENCHMARKS.some(({ name }) => name === wanted));
  if (values.help || unknown.length > 0) {
    process.stderr.write(`${unknown.length > 0 ? `There is no benchmark ${unknown.join(', ')}.\n` : ''}${USAGE}`);
    return values.help ? 0 : 2;
  }
  if (values.table) {
    writeTable();
    return 0;
  }
  let failed = 0;
  for (const { name, title, run } of BENCHMARKS.filter((one) => positionals.length === 0 || positionals.includes(one.name))) {
    say(`${name}: ${title}`);
    try {
      const results = await run({ quick: values.quick, kafka: isKafkaToBeHad(), open: () => Stage.open(), say: (line) => say(`${name}: ${line}`) });
      process.stdout.write(`${JSON.stringify(results)}\n`);
      // At once, so that what was measured is kept when a later one fails.
      if (!values.quick) writeResults(results);
    } catch (error) {
      failed += 1;
      say(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return failed > 0 ? 1 : 0;
};

// Children end with the process that started them, if it gets to say so.
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) process.once(signal, () => process.exit(code));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
