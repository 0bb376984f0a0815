import { randomUUID } from 'node:crypto';
import { commandsFor } from './import/commands.js';
import { idsFor, planImport, type PlanLine } from './import/plan.js';
import { runImport, type ImportSummary } from './import/run-import.js';
import type { Connection } from './platform/graphql-client.js';
import { readExisting } from './platform/read-existing.js';
import { checkProgramme } from './programme/check-programme.js';
import type { Programme } from './programme/programme.js';
import { readProgramme } from './programme/read-programme.js';
import type { FileRefusal } from './refusal.js';

export type Preview = { readonly programme: Programme; readonly plan: readonly PlanLine[]; readonly refusals: readonly FileRefusal[] };

/** Reads and checks a folder, without the platform. */
export const readFolder = async (folder: string, encoding?: string): Promise<{ programme: Programme; refusals: readonly FileRefusal[] }> => {
  const read = await readProgramme(folder, encoding);
  const checked = checkProgramme(read.programme);
  return { programme: checked.programme, refusals: [...read.refusals, ...checked.refusals] };
};

/** What a run would create and change, and what is refused; nothing is written. */
export const previewFolder = async (connection: Connection, folder: string, encoding?: string): Promise<Preview> => {
  const { programme, refusals } = await readFolder(folder, encoding);
  return { programme, refusals, plan: planImport(programme, await readExisting(connection, programme)) };
};

/** Imports what a preview showed. */
export const importProgramme = async (
  connection: Connection,
  programme: Programme,
  onProgress: (rowsDone: number, rowsTotal: number, mutation: string) => void = () => undefined,
): Promise<ImportSummary> => {
  const existing = await readExisting(connection, programme);
  const commands = commandsFor(programme, idsFor(programme, existing), randomUUID()).filter(({ mutation, input }) => !isThere(mutation, input, existing));
  const total = commands.reduce((sum, { origin }) => sum + origin.length, 0);
  let done = 0;
  return runImport(connection, commands, (rows, { mutation }) => onProgress((done += rows), total, mutation));
};

/** Single things that need no second creation; batches answer for themselves, row by row. */
const isThere = (mutation: string, input: Readonly<Record<string, unknown>>, existing: Awaited<ReturnType<typeof readExisting>>): boolean => {
  switch (mutation) {
    case 'registerMission':
      return existing.missions.has(String(input['mission']));
    case 'designIntervention':
      return [...existing.interventions.values()].includes(String(input['id']));
    case 'publishInstrument':
      return existing.instruments.has(String(input['id']));
    case 'openSurveyRound':
      return [...existing.rounds.values()].some((rounds) => [...rounds.values()].some(({ id }) => id === input['id']));
    case 'cancelActivity':
      return statusOf(existing, input['activityId']) === 'cancelled';
    case 'recordActivityDidNotHappen':
      return statusOf(existing, input['activityId']) === 'did-not-happen';
    default:
      return false;
  }
};

const statusOf = (existing: Awaited<ReturnType<typeof readExisting>>, activityId: unknown): string | undefined =>
  [...existing.activities.values()].flatMap((activities) => [...activities.values()]).find(({ id }) => id === activityId)?.status;
