import { DomainError, shown } from '@common-ground/kernel';
import type { Position, ReplayFrom } from '../event-log.js';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const POSITION = /^([^/\s]+)\/(\d{1,9})\/(\d{1,18})$/;

/** As an operator writes it, and as `positionOf` shows it. */
export const positionOf = ({ topic, partition, position }: Position): string => `${topic}/${partition}/${position}`;

const refuse = (code: string, message: string): never => {
  throw new DomainError('invalid', code, message, { path: ['from'] });
};

/**
 * Where a replay is to start: `beginning`, a moment, or positions with commas between.
 *
 * @param topics what the consumer reads
 * @throws DomainError `REPLAY_FROM_INVALID`, `REPLAY_FROM_FUTURE`, `TOPIC_NOT_CONSUMED`, each with what to write
 */
export const readReplayFrom = (text: string, topics: readonly string[], now: Date): ReplayFrom => {
  const wanted = text.trim();
  if (wanted === 'beginning') return { kind: 'beginning' };
  if (MOMENT.test(wanted)) return { kind: 'moment', moment: readMoment(wanted, now) };
  const positions = wanted.split(',').map((one) => readPosition(one.trim(), text));
  const strange = positions.find(({ topic }) => !topics.includes(topic));
  if (strange) refuse('TOPIC_NOT_CONSUMED', `This consumer does not read ${shown(strange.topic)}; it reads ${topics.join(', ')}.`);
  if (new Set(positions.map(({ topic, partition }) => `${topic}/${partition}`)).size < positions.length) refuse('REPLAY_FROM_INVALID', 'A partition is named twice; give one position for each.');
  return { kind: 'positions', positions };
};

const readMoment = (text: string, now: Date): Date => {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) refuse('REPLAY_FROM_INVALID', `There is no such moment as ${shown(text)} in the calendar.`);
  if (moment > now) refuse('REPLAY_FROM_FUTURE', `${text} is still to come; give a moment in the past.`);
  return moment;
};

const readPosition = (one: string, whole: string): Position => {
  const [, topic, partition, position] = POSITION.exec(one) ?? [];
  if (topic === undefined || partition === undefined || position === undefined)
    return refuse('REPLAY_FROM_INVALID', `${shown(whole)} is no start of a replay: give beginning, a moment as 2026-03-14T18:30:00Z, or positions as topic/partition/position with commas between.`);
  return { topic, partition: Number(partition), position: BigInt(position) };
};
