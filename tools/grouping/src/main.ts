import { stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describeRefusal, readCsvTable, type FileRefusal } from '@common-ground/programme-folder';
import { drawSeason } from './drawing/draw-season.js';
import { readOptions, USAGE, type Options } from './options.js';
import { peopleOf } from './people.js';
import { watchOn } from './progress.js';
import { planSeason, type Season } from './season.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

const MOST_REFUSALS = 20;

const showRefusals = (refusals: readonly FileRefusal[]): void => {
  for (const refusal of refusals.slice(0, MOST_REFUSALS)) complain(describeRefusal(refusal));
  if (refusals.length > MOST_REFUSALS) complain(`... and ${refusals.length - MOST_REFUSALS} more`);
};

const planned = async (options: Options, people: ReturnType<typeof peopleOf>): Promise<Season> => {
  const watch = watchOn(process.stderr, 'Forming groups');
  try {
    const season = await planSeason({ ...options, ...people, onProgress: ({ share }) => watch.to(share), breathe: async () => void (await setImmediate()) });
    watch.to(1);
    return season;
  } finally {
    watch.end();
  }
};

const main = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2));
  if ('usage' in options) {
    if (options.usage === undefined) say(USAGE);
    else complain(`${options.usage}\n--help shows the options.`);
    return 2;
  }
  const path = resolve(options.file);
  if (!(await stat(path).catch(() => undefined))?.isFile()) {
    complain(`${options.file} is no file; name the CSV file of people.`);
    return 2;
  }
  const { table, refusals } = await readCsvTable(path);
  const people = table ? peopleOf(table) : undefined;
  const wrong = [...refusals, ...(people?.refusals ?? [])];
  if (!people || wrong.length > 0) {
    showRefusals(wrong);
    return 1;
  }
  if (options.groupSize > people.people.length) {
    complain(`--group-size ${options.groupSize} is more than the ${people.people.length} people of ${options.file}; give a smaller one.`);
    return 2;
  }
  const season = await planned(options, people);
  await writeFile(resolve(options.out), drawSeason(season));
  const { distinctAcross, possibleAcross, distinct, possible, repeats } = season.series.encounters;
  say(`${options.out}: ${distinctAcross} of ${possibleAcross} pairs across sides met, ${distinct} of ${possible} in all, ${repeats} meetings again.`);
  return 0;
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    complain(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  },
);
