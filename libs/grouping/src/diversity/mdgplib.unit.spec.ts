import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { maximiseDiversity, type DiversityRequest } from './maximise-diversity.js';

/** MDGPLIB (Gallego, Laguna, Marti and Duarte) stands beside the project, not in it. */
const FOLDER = join(import.meta.dirname, '../../../../../shared/data');
const present = existsSync(join(FOLDER, 'mdgp_reference.csv'));
const suite = present || process.env['CI'] ? describe : describe.skip;
const instances = present ? readdirSync(FOLDER).flatMap((file) => /^mdgplib_(.*)\.txt$/.exec(file)?.[1] ?? []) : ['absent'];

const referenceOf = (instance: string): number => {
  const row = readFileSync(join(FOLDER, 'mdgp_reference.csv'), 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${instance},`));
  return Number(row!.split(',')[3]);
};

const read = (instance: string): DiversityRequest => {
  const [heading, ...lines] = readFileSync(join(FOLDER, `mdgplib_${instance}.txt`), 'utf8').trim().split('\n');
  const [count, groups, , ...limits] = heading!.trim().split(/\s+/);
  const distances = Array.from({ length: Number(count) }, () => new Array<number>(Number(count)).fill(0));
  for (const line of lines) {
    const [one, other, distance] = line.trim().split(/\s+/).map(Number);
    distances[one!]![other!] = distance!;
    distances[other!]![one!] = distance!;
  }
  return { distances, groups: Array.from({ length: Number(groups) }, (_, group) => ({ min: Number(limits[2 * group]), max: Number(limits[2 * group + 1]) })) };
};

suite(`maximum diversity on MDGPLIB${present ? '' : ` (skipped: ${FOLDER} is absent)`}`, () => {
  it.each(instances.filter((instance) => instance.includes('n012')))('finds the proven optimum of %s from any seed', async (instance) => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { value, upperBound } = await maximiseDiversity(read(instance), { seed, steps: 500_000 });
      expect(value).toBeCloseTo(referenceOf(instance), 6);
      expect(upperBound).toBeGreaterThanOrEqual(value);
    }
  });

  /** About what one core tries in a quarter of a second, and in five. */
  it.each(instances.filter((instance) => /n030|n060|n120/.test(instance)))('finds 99 %% of the reference of %s in few steps', async (instance) => {
    const { value, randomMean, upperBound } = await maximiseDiversity(read(instance), { seed: 1, steps: 12_000_000 });
    expect(value / referenceOf(instance)).toBeGreaterThanOrEqual(0.99);
    expect(randomMean).toBeLessThan(value);
    expect(upperBound).toBeGreaterThanOrEqual(referenceOf(instance));
  });

  it.each(instances.filter((instance) => instance.includes('n120')))('finds 99.9 %% of the reference of %s in many', async (instance) => {
    const { value } = await maximiseDiversity(read(instance), { seed: 1, steps: 300_000_000 });
    expect(value / referenceOf(instance)).toBeGreaterThanOrEqual(0.999);
  });
});
