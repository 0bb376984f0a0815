import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig, signInWithDevice, signInWithPassword } from '@common-ground/platform';
import { Presets, SingleBar } from 'cli-progress';
import { z } from 'zod';
import { describeRefusal, importProgramme, PlatformError, previewFolder, type Connection, type FileRefusal } from './index.js';

const USAGE = `Imports a programme folder of CSV files.

  npm run import -- FOLDER [options]

  --preview            show what would be created, changed and refused; write nothing
  --alerts             alert subscribers to risks that the import brings to light (without: nobody is alerted)
  --url URL            the GraphQL address          (default http://127.0.0.1:4000/graphql)
  --issuer URL         the OpenID provider          (default http://127.0.0.1:4001)
  --user NAME          sign in by name and the password in COMMON_GROUND_PASSWORD, in place of the browser
  --encoding NAME      the files' encoding, when it is not Unicode (windows-1252 ...)
  --accept-refusals    import the sound rows although others are refused
`;

const environment = z.object({ COMMON_GROUND_TOKEN: z.string().optional(), COMMON_GROUND_PASSWORD: z.string().optional() });

type Options = { folder: string; preview: boolean; alerts: boolean; url: string; issuer: string; user?: string | undefined; encoding?: string | undefined; acceptRefusals: boolean };

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const readOptions = (): Options | undefined => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      preview: { type: 'boolean', default: false },
      alerts: { type: 'boolean', default: false },
      url: { type: 'string', default: 'http://127.0.0.1:4000/graphql' },
      issuer: { type: 'string', default: 'http://127.0.0.1:4001' },
      user: { type: 'string' },
      encoding: { type: 'string' },
      'accept-refusals': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  if (values.help || folder === undefined || positionals.length > 1) return undefined;
  return { ...values, folder: resolve(folder), acceptRefusals: values['accept-refusals'] };
};

/** A token for as long as the import takes: signed in once, again when it is about to end. */
const tokenSource = (options: Options): (() => Promise<string>) => {
  const { COMMON_GROUND_TOKEN: given, COMMON_GROUND_PASSWORD: password } = readConfig(environment, process.env);
  if (given) return () => Promise.resolve(given);
  if (options.user && !password) throw new PlatformError('COMMON_GROUND_PASSWORD is not set; set it to the password of the user named by --user');
  let current: { token: string; until: number } | undefined;
  return async () => {
    if (current && Date.now() < current.until) return current.token;
    const tokens =
      options.user && password
        ? await signInWithPassword({ issuer: options.issuer, clientId: 'common-ground-portal', username: options.user, password })
        : await signInWithDevice({ issuer: options.issuer, clientId: 'common-ground-cli', onPrompt: ({ verificationUri, userCode }) => say(`Open ${verificationUri} and enter the code ${userCode} to sign in.`) });
    current = { token: tokens.accessToken, until: Date.now() + (tokens.expiresIn - 60) * 1000 };
    return current.token;
  };
};

const showRefusals = (refusals: readonly FileRefusal[]): void => {
  for (const refusal of refusals.slice(0, 50)) say(`  refused  ${describeRefusal(refusal)}`);
  if (refusals.length > 50) say(`  ... and ${refusals.length - 50} more`);
};

const main = async (): Promise<number> => {
  const options = readOptions();
  if (!options) {
    say(USAGE);
    return 2;
  }
  if (!(await stat(options.folder).catch(() => undefined))?.isDirectory()) {
    say(`${options.folder} is not a folder; name the folder that holds mission.csv and the other files.`);
    return 2;
  }
  const connection: Connection = { url: options.url, token: tokenSource(options), quiet: !options.alerts };
  const { programme, plan, refusals } = await previewFolder(connection, options.folder, options.encoding);
  for (const { what, created, changed, there } of plan) say(`  ${String(created).padStart(6)} to create  ${String(changed).padStart(5)} to change  ${String(there).padStart(6)} there already  ${what}`);
  showRefusals(refusals);
  if (options.preview) return refusals.length > 0 ? 1 : 0;
  if (refusals.length > 0 && !options.acceptRefusals) {
    say(`Nothing was imported: ${refusals.length} rows are refused. Mend them, or import the others with --accept-refusals.`);
    return 1;
  }
  const bar = new SingleBar({ format: '{bar} {percentage} % | {value}/{total} rows | {mutation}', clearOnComplete: false, noTTYOutput: true, notTTYSchedule: 2000 }, Presets.shades_classic);
  bar.start(1, 0, { mutation: 'reading' });
  const summary = await importProgramme(connection, programme, (done, total, mutation) => {
    bar.setTotal(total);
    bar.update(done, { mutation });
  }).finally(() => bar.stop());
  say(`${summary.accepted} rows imported, ${summary.unchanged} there already, ${summary.refusals.length} refused by the platform${options.alerts ? '' : '; nobody was alerted'}.`);
  showRefusals(summary.refusals);
  return summary.refusals.length > 0 ? 1 : 0;
};

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\nRun the same command again to go on where it stopped.\n`);
    process.exitCode = 1;
  },
);
