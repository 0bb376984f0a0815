import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeMachine } from '../harness/machine.js';
import { meetsTargets } from '../harness/result.js';
import { workspace, writeTable } from '../harness/results-folder.js';
import { readResults } from '../harness/table.js';
import { mdgplib } from './mdgplib.js';
import { printed, resultOf } from './row.js';
import { schedules } from './schedules.js';
import { typical } from './typical.js';

const USAGE = `npm run bench:grouping [-- --quick]

  --quick   tiny budgets: whether answers are right, not how good; writes nothing
`;
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const main = async (): Promise<number> => {
  const words = process.argv.slice(2);
  if (words.some((word) => word !== '--quick')) {
    complain(USAGE);
    return 2;
  }
  const quick = words.includes('--quick');
  const measured = [...(await mdgplib(quick, complain)), ...(await schedules(quick, complain)), ...(await typical(quick, complain))];
  process.stdout.write(`${printed(measured.map(({ row }) => row))}\n`);
  if (quick) return 0;
  const machine = describeMachine();
  const results = measured.map((one) => resultOf(one, machine));
  const text = `${JSON.stringify(results, null, 2)}\n`;
  readResults('grouping.json', text);
  writeFileSync(join(workspace, 'bench/results/grouping.json'), text);
  writeTable();
  const missed = results.filter((result) => meetsTargets(result) === false);
  complain(missed.length > 0 ? `✗ below what is asked: ${missed.map(({ instance }) => instance).join(', ')}` : '✓ all as good as is asked');
  return missed.length > 0 ? 1 : 0;
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  },
);
