import { parseArgs } from 'node:util';
import { type Access, ACCESS_OPTIONS, ACCESS_USAGE } from '../platform/command-line.js';

export type Command =
  | { readonly name: 'lag' }
  | { readonly name: 'parked'; readonly consumer?: string | undefined; readonly key?: string | undefined; readonly limit: number }
  | { readonly name: 'show'; readonly id: string }
  | { readonly name: 'retry'; readonly id?: string | undefined; readonly key?: string | undefined; readonly consumer?: string | undefined; readonly reason: string }
  | { readonly name: 'discard'; readonly id: string; readonly reason: string }
  | { readonly name: 'replay'; readonly consumer: string; readonly from: string; readonly reason: string };

export type Options = Access & { readonly json: boolean; readonly command: Command };
/** What is wrong with the command line; undefined when help was asked for. */
export type Usage = { readonly usage: string | undefined };

export const USAGE = `The operator's hand on messaging: what is behind, what is parked, and what to do about it. Takes an administrator; every action stays in an audit.

  npm run messaging -- lag                        how far services and their consumers are behind
  npm run messaging -- parked                     facts that could not be handled, and those that wait behind them
      --consumer NAME, --key KEY                  only of this consumer, only of this key
      --limit N                                   how many to show (default 500)
  npm run messaging -- show ID                    one of them: headers, content, reason, tries, what was done about it
  npm run messaging -- retry ID|KEY               try again: the facts of its key in order, until one fails again
      --consumer NAME                             with KEY: only of this consumer
      --reason TEXT                               why; it stays in the audit
  npm run messaging -- discard ID --reason TEXT   give one up for good; those that waited behind it are applied
  npm run messaging -- replay CONSUMER --from beginning|MOMENT|POSITIONS
      Hands a consumer once more what lies in the log: what it has missed it applies, what it has applied it skips.
      Nobody is alerted. Use it after a service's database was restored, from a moment before the backup was made.
      MOMENT is as 2026-03-14T18:30:00Z; POSITIONS are as topic/partition/position, with commas between, as 'show' prints.
      A replay of the portfolio (gateway-portfolio-N) is no rebuild: what was folded stays; 'npm run portfolio:rebuild' folds anew.

  ID is as 'parked' shows it (scheduling:42); KEY is the id of an intervention or the code of a mission.

  --json               one JSON object for scripts, in place of tables
${ACCESS_USAGE}

Ends with 0 when it is done (again is the same), 1 when it was refused or not wholly done, 2 when the command makes no sense.
`;

const ID = /^[a-z-]+:\d+$/;
const MOST = 100_000;

const wrong = (usage: string): Usage => ({ usage });

/** Reads the command line; what makes no sense comes back with what to write. */
export const readCommand = (args: readonly string[]): Options | Usage => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...ACCESS_OPTIONS,
        consumer: { type: 'string' },
        key: { type: 'string' },
        limit: { type: 'string', default: '500' },
        reason: { type: 'string' },
        from: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help || positionals.length === 0) return { usage: undefined };
    const command = commandOf(positionals, values);
    return 'usage' in command ? command : { url: values.url, issuer: values.issuer, user: values.user, json: values.json, command };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
};

type Values = { readonly consumer?: string | undefined; readonly key?: string | undefined; readonly limit: string; readonly reason?: string | undefined; readonly from?: string | undefined };

const commandOf = ([name = '', target, ...more]: readonly string[], values: Values): Command | Usage => {
  const { consumer, key, reason = '' } = values;
  if (more.length > 0) return wrong(`${more[0]} is one word too many; ${name} takes one.`);
  if (name === 'lag' || name === 'parked') {
    if (target !== undefined) return wrong(`${name} takes no ${target}.`);
    const limit = Number(values.limit);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST) return wrong(`--limit is ${values.limit}: give a whole number from 1 to ${MOST}.`);
    return name === 'lag' ? { name } : { name, consumer, key, limit };
  }
  switch (name) {
    case 'show':
      return target !== undefined && ID.test(target) ? { name, id: target } : wrong("show takes an ID as 'parked' shows it: show scheduling:42");
    case 'retry':
      if (target === undefined) return wrong("retry takes an ID as 'parked' shows it, or a key: retry scheduling:42");
      return ID.test(target) ? { name, id: target, reason } : { name, key: target, consumer, reason };
    case 'discard':
      if (target === undefined || !ID.test(target)) return wrong("discard takes an ID as 'parked' shows it: discard scheduling:42 --reason '...'");
      return reason.trim() === '' ? wrong(`--reason is missing: say why ${target} is given up; it stays in the audit.`) : { name, id: target, reason };
    case 'replay':
      if (target === undefined) return wrong("replay takes a consumer as 'lag' shows it: replay scheduling --from beginning");
      return values.from === undefined ? wrong('--from is missing: beginning, a moment as 2026-03-14T18:30:00Z, or positions as topic/partition/position.') : { name, consumer: target, from: values.from, reason };
    default:
      return wrong(`${name} is no command: there are lag, parked, show, retry, discard and replay.`);
  }
};
