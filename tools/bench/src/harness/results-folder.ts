import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BenchResult, faultOf } from './result.js';
import { readResults, tableOf } from './table.js';

export const workspace = join(import.meta.dirname, '../../../..');
const usual = join(workspace, 'bench');

const resultsIn = (folder: string): string => {
  const files = join(folder, 'results');
  mkdirSync(files, { recursive: true });
  return files;
};

/** Writes `results/NAME.json` for each result, and the table of everything that lies in the folder. */
export const writeResults = (results: readonly BenchResult[], folder = usual): void => {
  const files = resultsIn(folder);
  for (const result of results) {
    const fault = faultOf(result);
    if (fault) throw new Error(fault);
    writeFileSync(join(files, `${result.name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  }
  writeTable(folder);
};

/** The table anew, from whatever lies in `results`. */
export const writeTable = (folder = usual): void => {
  const files = resultsIn(folder);
  const names = readdirSync(files).filter((name) => name.endsWith('.json'));
  writeFileSync(join(folder, 'README.md'), tableOf(names.flatMap((name) => readResults(name, readFileSync(join(files, name), 'utf8')))));
};
