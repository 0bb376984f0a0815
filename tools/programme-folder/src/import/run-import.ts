import { requestGraphql, type Connection } from '../platform/graphql-client.js';
import type { FileRefusal } from '../refusal.js';
import type { ImportCommand } from './commands.js';

export type ImportSummary = {
  readonly accepted: number;
  /** Rows that were there already, the same. */
  readonly unchanged: number;
  readonly refusals: readonly FileRefusal[];
};

type UserError = { readonly code: string; readonly message: string; readonly path: readonly string[] };
type RowOutcome = { readonly row: number; readonly outcome: string; readonly error: UserError | null };
type Payload = { readonly errors: readonly UserError[]; readonly outcomes?: readonly RowOutcome[] };

const ERROR = '{ code message path }';
const documentFor = ({ mutation, inputType, batch }: ImportCommand): string =>
  `mutation($input: ${inputType}!) { ${mutation}(input: $input) { errors ${ERROR}${batch ? ` outcomes { row outcome error ${ERROR} }` : ''} } }`;

/** Things that exist already under the ids this folder gives them: said again, so nothing to do. */
const THERE_ALREADY = new Set(['MISSION_EXISTS', 'ALREADY_REGISTERED']);

/** What a command needs to be there. What was refused is not, and the platform would wait for each a while. */
const FOUNDATIONS = ['mission', 'interventionId', 'instrumentId', 'roundId'];
const NOT_SENT: Payload = { errors: [{ code: 'NOT_SENT', message: 'was not sent, because what it belongs to was refused', path: [] }] };

/**
 * Sends the commands in order, each safe to send again. A run that was cut off, or had rows refused that are mended since,
 * is resumed by another run: the platform tells row by row what is there already, the same, and takes the rest.
 */
export const runImport = async (
  connection: Connection,
  commands: readonly ImportCommand[],
  onProgress: (rowsDone: number, command: ImportCommand) => void,
): Promise<ImportSummary> => {
  let accepted = 0;
  let unchanged = 0;
  const refusals: FileRefusal[] = [];
  const missing = new Set<unknown>();
  for (const command of commands) {
    const standsOnMissing = FOUNDATIONS.some((field) => missing.has(command.input[field]));
    const payload = standsOnMissing ? NOT_SENT : await send(connection, command);
    const failed = payload.errors.filter(({ code }) => !THERE_ALREADY.has(code));
    const made = command.batch ? undefined : (command.input['id'] ?? command.input['mission']);
    if (failed.length > 0 && made !== undefined) missing.add(made);
    if (failed.length > 0) refusals.push(...failed.map((error) => refusalOf(command, error)));
    else if (payload.errors.length > 0) unchanged += command.origin.length;
    else if (!payload.outcomes) accepted += command.origin.length;
    for (const { row, outcome, error } of failed.length > 0 ? [] : (payload.outcomes ?? [])) {
      if (outcome === 'ACCEPTED') accepted += 1;
      else if (outcome === 'UNCHANGED') unchanged += 1;
      else refusals.push(refusalOf(command, error ?? { code: 'REFUSED', message: 'was refused', path: [] }, row));
    }
    onProgress(command.origin.length, command);
  }
  return { accepted, unchanged, refusals };
};

const send = async (connection: Connection, command: ImportCommand): Promise<Payload> => {
  const data = await requestGraphql<Record<string, Payload>>(connection, documentFor(command), { input: command.input });
  return data[command.mutation] ?? { errors: [] };
};

const refusalOf = (command: ImportCommand, error: UserError, row?: number): FileRefusal => {
  const numbered = row ?? Number(error.path.find((part) => /^\d+$/.test(part)) ?? 0);
  const origin = command.origin[numbered] ?? command.origin[0];
  const field = error.path.at(-1);
  return {
    file: origin?.file ?? 'the folder',
    ...(origin ? { row: origin.line } : {}),
    ...(field && !/^\d+$/.test(field) ? { column: field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) } : {}),
    reason: error.message,
  };
};
