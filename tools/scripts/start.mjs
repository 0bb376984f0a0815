#!/usr/bin/env node
// `npm start`: installs, builds and runs the whole platform in one process. Works from a fresh clone.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, environment, install, projectNode, root, StepFailed } from './steps.mjs';

try {
  await install();
  await build();
} catch (error) {
  if (!(error instanceof StepFailed)) throw error;
  process.stderr.write(`\n✗ ${error.message}\n`);
  process.exit(1);
}

const child = spawn(projectNode(), ['--enable-source-maps', join(root, 'apps/standalone/dist/main.js'), ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
  env: environment(),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
