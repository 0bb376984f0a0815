// Shared by `npm start` and `npm test`: plain Node, no dependencies, because it runs before node_modules exists.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const cache = join(root, '.cache');
const bin = join(root, 'node_modules', '.bin');

/** The Node that the project brings itself (an optional npm package), else the one that runs this. */
export const projectNode = () => (existsSync(join(bin, 'node')) ? join(bin, 'node') : process.execPath);

export const environment = (extra = {}) => ({
  ...process.env,
  PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
  NX_DAEMON: 'false',
  NX_NO_CLOUD: 'true',
  FORCE_COLOR: '0',
  ...extra,
});

export class StepFailed extends Error {}

/** Runs a command to its end; shows its output, or keeps it until it fails when `quiet`. */
export const run = (command, args, { cwd = root, env = {}, quiet = false, shell = false } = {}) =>
  new Promise((resolve, reject) => {
    const kept = [];
    const child = spawn(command, args, {
      cwd,
      env: environment(env),
      shell,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    child.stdout?.on('data', (chunk) => kept.push(chunk));
    child.stderr?.on('data', (chunk) => kept.push(chunk));
    child.on('error', (error) => reject(new StepFailed(`${command}: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(kept).toString());
      if (quiet) process.stderr.write(Buffer.concat(kept).toString().split('\n').slice(-60).join('\n'));
      reject(new StepFailed(`${[command, ...args].join(' ').slice(0, 160)} ended with ${signal ?? `code ${code}`}`));
    });
  });

/** Says what is going on, and keeps saying so while it takes time. */
export const step = async (title, work) => {
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  process.stderr.write(`• ${title} ...\n`);
  const ticking = setInterval(() => process.stderr.write(`  ${title}: ${seconds()} so far\n`), 15_000);
  try {
    const result = await work();
    process.stderr.write(`✓ ${title} (${seconds()})\n`);
    return result;
  } finally {
    clearInterval(ticking);
  }
};

const ignored = new Set(['node_modules', 'dist', '.nx', '.cache', '.git', 'data', 'coverage', '.test-results']);

const filesBelow = (folder, keep, found = []) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (ignored.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) filesBelow(path, keep, found);
    else if (keep(entry.name)) found.push(path);
  }
  return found;
};

const fingerprint = (paths) => {
  const hash = createHash('sha256');
  for (const path of paths.sort()) hash.update(relative(root, path)).update('\0').update(readFileSync(path)).update('\0');
  return hash.digest('hex');
};

const stampFile = (name) => join(cache, `${name}.stamp`);
const isStamped = (name, value) => existsSync(stampFile(name)) && readFileSync(stampFile(name), 'utf8') === value;
const stamp = (name, value) => {
  mkdirSync(cache, { recursive: true });
  writeFileSync(stampFile(name), value);
};

const checkNode = () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 11)) return;
  throw new StepFailed(`Node ${process.versions.node} is too old: install Node 20.11 or newer, then run the command again.`);
};

/** What package.json asks for; its scripts may change without a new installation. */
const wantedPackages = () => {
  const { dependencies, devDependencies, optionalDependencies, overrides } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return createHash('sha256').update(JSON.stringify([dependencies, devDependencies, optionalDependencies, overrides])).digest('hex');
};

/** Installs the locked packages, unless they are installed as the lock file says. */
export const install = async () => {
  checkNode();
  const lock = fingerprint([join(root, 'package-lock.json')]) + wantedPackages();
  if (existsSync(join(root, 'node_modules', '.package-lock.json')) && isStamped('install', lock)) return;
  await step('Installing packages (a few minutes the first time)', () =>
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true, shell: process.platform === 'win32' }),
  );
  stamp('install', lock);
};

/** Compiles what changed; nothing when no source did. */
export const build = async () => {
  const sources = ['apps', 'libs', 'tools']
    .flatMap((folder) => filesBelow(join(root, folder), (name) => /\.(ts|tsx|json|html|css|sql)$/.test(name)))
    .filter((path) => !path.endsWith('.spec.ts'));
  const now = fingerprint([...sources, join(root, 'tsconfig.base.json'), join(root, 'tsconfig.json'), join(root, 'package-lock.json')]);
  const outputsExist = existsSync(join(root, 'apps', 'standalone', 'dist', 'main.js'));
  if (outputsExist && isStamped('build', now)) return;
  await step('Building', () => run(projectNode(), [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b'], { quiet: true }));
  stamp('build', now);
};
