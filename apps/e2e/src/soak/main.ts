import { parseArgs } from 'node:util';
import { soakOnItsOwn, type Wanted } from './soak-on-its-own.js';

const USAGE = `Sends mixed commands for a long time while seeded faults break processes, servers and connections,
then checks that nothing was lost, doubled or put out of order. The last line is one line of JSON.

  npm run --silent soak -- --facts 1000000 --seed 1 [--transport postgres|kafka]
`;

const started = Date.now();
const say = (line: string): void => void process.stderr.write(`• ${Math.round((Date.now() - started) / 1_000)} s: ${line}\n`);

const readWanted = (): Wanted | undefined => {
  const { values } = parseArgs({ options: { facts: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' }, transport: { type: 'string', default: 'postgres' } } });
  const [facts, seed] = [Number(values.facts), Number(values.seed)];
  if (!Number.isInteger(facts) || facts < 1 || !Number.isInteger(seed)) return undefined;
  return values.transport === 'postgres' || values.transport === 'kafka' ? { facts, seed, transport: values.transport } : undefined;
};

const main = async (): Promise<number> => {
  const wanted = readWanted();
  if (!wanted) {
    process.stderr.write(USAGE);
    return 2;
  }
  const report = await soakOnItsOwn(wanted, say);
  for (const breach of report.breaches) process.stderr.write(`✗ ${breach}\n`);
  process.stdout.write(`${JSON.stringify({ ...wanted, ...report })}\n`);
  return report.breaches.length > 0 ? 1 : 0;
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
