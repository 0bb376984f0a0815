import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PlatformError, requestGraphql, type Connection } from './index.js';
import { ACCESS_OPTIONS, ACCESS_USAGE, runProgram, say, tokenSource } from './platform/command-line.js';

const USAGE = `Folds the portfolio anew from the first fact, beside the one that is read, and swaps it in. Takes an administrator; nobody is alerted.

  npm run portfolio:rebuild -- [options]

${ACCESS_USAGE}
`;

type Rebuild = { readonly model: number; readonly state: string; readonly behind: number; readonly why: string | null };
type Begun = { readonly rebuildPortfolio: { readonly rebuild: Rebuild | null; readonly errors: readonly { readonly message: string }[] } };

const LOOK_EVERY_MS = 500;

const main = async (): Promise<number> => {
  const { values } = parseArgs({ options: { ...ACCESS_OPTIONS, help: { type: 'boolean', default: false } } });
  if (values.help) {
    say(USAGE);
    return 2;
  }
  const connection: Connection = { url: values.url, token: tokenSource(values), quiet: true };
  const { rebuildPortfolio } = await requestGraphql<Begun>(connection, 'mutation($input: RebuildPortfolioInput!) { rebuildPortfolio(input: $input) { rebuild { model state behind why } errors { message } } }', { input: { commandId: randomUUID() } });
  const [refused] = rebuildPortfolio.errors;
  if (refused) throw new PlatformError(refused.message);
  let told = '';
  for (let rebuild = rebuildPortfolio.rebuild; ; ) {
    const line = rebuild ? `model ${rebuild.model}: ${rebuild.state}, ${rebuild.behind} facts to go${rebuild.why ? ` (${rebuild.why})` : ''}` : '';
    if (line !== told) say(line);
    told = line;
    if (rebuild?.state === 'swapped') return 0;
    if (rebuild?.state !== 'building') return 1;
    await pause(LOOK_EVERY_MS);
    rebuild = (await requestGraphql<{ portfolioRebuild: Rebuild }>(connection, '{ portfolioRebuild { model state behind why } }')).portfolioRebuild;
  }
};

runProgram(main, '--help shows the options.');
