import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import { describeRefusal, importProgramme, previewFolder, type Connection, type FileRefusal } from './index.js';
import { type Access, ACCESS_OPTIONS, ACCESS_USAGE, runProgram, say, tokenSource } from './platform/command-line.js';

const USAGE = `Imports a programme folder of CSV files.

  npm run import -- FOLDER [options]

  --preview            show what would be created, changed and refused; write nothing
  --alerts             alert subscribers to risks that the import brings to light (without: nobody is alerted)
${ACCESS_USAGE}
  --encoding NAME      the files' encoding, when it is not Unicode (windows-1252 ...)
  --accept-refusals    import the sound rows although others are refused
`;

type Options = Access & { readonly folder: string; readonly preview: boolean; readonly alerts: boolean; readonly encoding?: string | undefined; readonly acceptRefusals: boolean };

const readOptions = (): Options | undefined => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      preview: { type: 'boolean', default: false },
      alerts: { type: 'boolean', default: false },
      ...ACCESS_OPTIONS,
      encoding: { type: 'string' },
      'accept-refusals': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  if (values.help || folder === undefined || positionals.length > 1) return undefined;
  return { ...values, folder: resolve(folder), acceptRefusals: values['accept-refusals'] };
};

const MOST_LINES_A_FILE = 12;

const groupBy = <T>(values: readonly T[], key: (value: T) => string): T[][] => {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return [...groups.values()];
};

/** One fault often repeats through a file, and one file's faults through others: each is told once, and none hides another file's. */
const showRefusals = (refusals: readonly FileRefusal[]): void => {
  for (const ofFile of groupBy(refusals, ({ file }) => file)) {
    const alike = groupBy(ofFile, ({ column, reason }) => `${column}\u0001${reason}`);
    for (const [first, ...others] of alike.slice(0, MOST_LINES_A_FILE)) {
      if (first) say(`  refused  ${describeRefusal(first)}${others.length > 0 ? ` (and so in ${others.length} more rows)` : ''}`);
    }
    if (alike.length > MOST_LINES_A_FILE) say(`  ... and ${alike.length - MOST_LINES_A_FILE} more in ${ofFile[0]?.file}`);
  }
};

const main = async (): Promise<number> => {
  const options = readOptions();
  if (!options) {
    say(USAGE);
    return 2;
  }
  if (!(await stat(options.folder).catch(() => undefined))?.isDirectory()) {
    say(`${options.folder} is not a folder; name the folder that holds mission.csv and the other files.`);
    return 2;
  }
  const connection: Connection = { url: options.url, token: tokenSource(options), quiet: !options.alerts };
  const { programme, plan, refusals } = await previewFolder(connection, options.folder, options.encoding);
  for (const { what, created, changed, there } of plan) say(`  ${String(created).padStart(6)} to create  ${String(changed).padStart(5)} to change  ${String(there).padStart(6)} there already  ${what}`);
  showRefusals(refusals);
  if (options.preview) return refusals.length > 0 ? 1 : 0;
  if (refusals.length > 0 && !options.acceptRefusals) {
    say(`Nothing was imported: ${refusals.length} rows are refused. Mend them, or import the others with --accept-refusals.`);
    return 1;
  }
  const bar = new SingleBar({ format: '{bar} {percentage} % | {value}/{total} rows | {mutation}', clearOnComplete: false, noTTYOutput: true, notTTYSchedule: 2000 }, Presets.shades_classic);
  bar.start(1, 0, { mutation: 'reading' });
  const summary = await importProgramme(connection, programme, (done, total, mutation) => {
    bar.setTotal(total);
    bar.update(done, { mutation });
  }).finally(() => bar.stop());
  say(`${summary.accepted} rows imported, ${summary.unchanged} there already, ${summary.refusals.length} refused by the platform${options.alerts ? '' : '; nobody was alerted'}.`);
  showRefusals(summary.refusals);
  return summary.refusals.length > 0 ? 1 : 0;
};

runProgram(main, 'Run the same command again to go on where it stopped; --help shows the options.');
