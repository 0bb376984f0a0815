import { createHash } from 'node:crypto';
import { v5 } from 'uuid';

/** RFC 9562 name-based ids under a namespace of our own: the same folder gives the same ids, so that a run can be repeated. */
const NAMESPACE = '6f0c5d0a-8a53-5d8e-9b58-3f2a4f0f8a11';
const idOf = (...parts: readonly string[]): string => v5(parts.join('\u0001'), NAMESPACE);

export const interventionIdOf = (mission: string, intervention: string): string => idOf('intervention', mission, intervention);
export const participantIdOf = (interventionId: string, participant: string): string => idOf('participant', interventionId, participant);
export const activityIdOf = (interventionId: string, activity: string): string => idOf('activity', interventionId, activity);
export const instrumentIdOf = (mission: string, instrument: string, content: unknown): string => idOf('instrument', mission, instrument, digest(content));
export const roundIdOf = (interventionId: string, round: string): string => idOf('round', interventionId, round);

/**
 * The id of a command is made from the run and what the command says: sent again within a run, after a lost connection,
 * it is the same command. Another run says everything anew and is told row by row what is there already.
 */
export const commandIdOf = (run: string, name: string, input: unknown): string => idOf('command', run, name, digest(input));

const digest = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
