import { parseArgs } from 'node:util';

export const USAGE = `Draws a season of groups as an SVG: who met whom, the groups of each activity, who leads when.

  npm run grouping:season -- PEOPLE.csv --out SEASON.svg [options]

  PEOPLE.csv           columns participant, side; where known age, gender, languages (with spaces or semicolons between)
  --out FILE           where the drawing goes
  --activities N       how many activities, 1 to 60           (default 10)
  --group-size N       about how many people in a group       (default 4)
  --seed N             the same seed gives the same season    (default 1)
`;

export type Options = { readonly file: string; readonly out: string; readonly activities: number; readonly groupSize: number; readonly seed: number };

/** @returns the options, or what is wrong with them; `usage` without words when help was asked for */
export const readOptions = (words: readonly string[]): Options | { readonly usage: string | undefined } => {
  let parsed;
  try {
    parsed = parse(words);
  } catch (error) {
    return { usage: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  if (values.help) return { usage: undefined };
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) return { usage: `Name one CSV file of people, not ${positionals.length}.` };
  if (!values.out) return { usage: 'Say where the drawing goes: --out season.svg.' };
  const [activities, groupSize, seed] = [whole(values.activities, 1, 60), whole(values['group-size'], 2, 150), whole(values.seed, 0, 0xffffffff)];
  if (activities === undefined) return { usage: `--activities must be a whole number from 1 to 60, not ${values.activities}.` };
  if (groupSize === undefined) return { usage: `--group-size must be a whole number from 2 to 150, not ${values['group-size']}.` };
  if (seed === undefined) return { usage: `--seed must be a whole number from 0 to ${0xffffffff}, not ${values.seed}.` };
  return { file, out: values.out, activities, groupSize, seed };
};

const parse = (words: readonly string[]) =>
  parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      activities: { type: 'string', default: '10' },
      'group-size': { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });

const whole = (word: string, least: number, most: number): number | undefined => {
  const value = /^\d{1,10}$/.test(word) ? Number(word) : NaN;
  return value >= least && value <= most ? value : undefined;
};
