import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbedded } from '../platform-under-test/embedded.js';
import { startSeparateServices } from '../platform-under-test/separate-services.js';
import { verifyTrial } from './verify-trial.js';

const USAGE = `Does the platform's main job from nothing on a programme folder, and prints what came of it as one line of JSON.

  npm run --silent verify:trial -- FOLDER [--transport postgres|kafka]

  postgres   one process on an embedded PostgreSQL and its event log (default)
  kafka      every service as a process of its own on Apache Kafka
`;

const say = (line: string): void => void process.stderr.write(`• ${line} ...\n`);

const main = async (): Promise<number> => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { transport: { type: 'string', default: 'postgres' } } });
  const [folder] = positionals;
  if (folder === undefined || positionals.length > 1 || !['postgres', 'kafka'].includes(values.transport)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const path = resolve(folder);
  if (!(await stat(path).catch(() => undefined))?.isDirectory()) {
    process.stderr.write(`${path} is not a folder; name the folder that holds mission.csv and the other files.\n`);
    return 2;
  }
  say(`starting the platform on ${values.transport}`);
  const platform = await (values.transport === 'kafka' ? startSeparateServices() : startEmbedded());
  try {
    const verified = await verifyTrial(platform, path, values.transport, say);
    say('tearing everything down');
    await platform.close();
    process.stdout.write(`${JSON.stringify(verified)}\n`);
    return 0;
  } finally {
    await platform.close();
  }
};

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
