#!/usr/bin/env node
// `npm run gen`: everything that is generated and committed. `--check` says what differs from a fresh generation and fails.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, projectNode, root, run } from './steps.mjs';

const generated = ['libs/contracts/src/gen', 'docs/facts.asyncapi.yaml', 'docs/facts.md', 'apps/gateway/schema.graphql'];

const listing = (path) => {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full).flatMap((name) => listing(join(path, name)));
};
const snapshot = () =>
  new Map(generated.flatMap(listing).map((path) => [path, createHash('sha256').update(readFileSync(join(root, path))).digest('hex')]));

const before = snapshot();
await run(join(root, 'node_modules/.bin/buf'), ['generate'], { cwd: join(root, 'proto'), quiet: true });
await run(projectNode(), [join(root, 'tools/scripts/fact-catalogue.mjs')], { quiet: true });
await build();
await run(projectNode(), [join(root, 'apps/gateway/dist/write-schema.main.js')], { quiet: true });
const after = snapshot();

const changed = [...new Set([...before.keys(), ...after.keys()])].filter((path) => before.get(path) !== after.get(path));
for (const path of changed) process.stdout.write(`${process.argv.includes('--check') ? 'differs' : 'written'}: ${path}\n`);
if (process.argv.includes('--check') && changed.length > 0) {
  process.stderr.write('Generated files differ from a fresh generation: run `npm run gen` and commit the result.\n');
  process.exit(1);
}
