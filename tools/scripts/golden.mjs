#!/usr/bin/env node
// Completes the golden files of libs/contracts: one that has a type and a value but no bytes yet gets them. Bytes that stand are never touched.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, root } from './steps.mjs';

await build();
const { findFactCodec } = await import(join(root, 'libs/contracts/dist/index.js'));
const folder = join(root, 'libs/contracts/golden');
const isTime = (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value);

for (const name of readdirSync(folder).sort()) {
  const path = join(folder, name);
  const golden = JSON.parse(readFileSync(path, 'utf8'));
  if (golden.bytes) continue;
  const codec = findFactCodec(golden.type);
  if (!codec) throw new Error(`${name}: ${golden.type} is no fact of the catalogue.`);
  const value = JSON.parse(JSON.stringify(golden.value), (_key, part) => (isTime(part) ? new Date(part) : part));
  golden.bytes = Buffer.from(codec.encode(value)).toString('hex');
  writeFileSync(path, `${JSON.stringify(golden, null, 2)}\n`);
  process.stdout.write(`written: libs/contracts/golden/${name}\n`);
}
