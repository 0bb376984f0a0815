#!/usr/bin/env node
// Runs one built program of the workspace (installing and building first when needed): `node tools/scripts/run.mjs FILE [arguments]`.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { build, environment, install, projectNode, root, StepFailed } from './steps.mjs';

const [program, ...programArguments] = process.argv.slice(2);
try {
  await install();
  await build();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.stderr.write(`\n✗ ${error.message}\n`);
  process.exit(1);
}
// The folder that a person named is relative to where they stand, not to the workspace.
const cwd = process.env.INIT_CWD ?? process.cwd();
const child = spawn(projectNode(), ['--enable-source-maps', '--no-warnings', resolve(root, program), ...programArguments], {
  cwd,
  stdio: 'inherit',
  env: environment(),
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
