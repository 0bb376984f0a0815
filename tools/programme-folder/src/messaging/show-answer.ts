import type { Action, Answer, Details, Lag, Parked, Release, Replay } from './answers.js';
import { duration, short, table } from './table.js';

/** An answer in lines for people. */
export const linesOf = (answer: Answer): readonly string[] => {
  switch (answer.command) {
    case 'lag':
      return [...lagLines(answer), ...awayLines(answer.away)];
    case 'parked':
      return [...parkedLines(answer), ...awayLines(answer.away)];
    case 'show':
      return detailLines(answer);
    case 'retry':
      return [...retryLines(answer), ...awayLines(answer.away)];
    case 'discard':
      return [`${answer.id} was given up on ${answer.discarded.at} by ${answer.discarded.actor}: ${answer.discarded.reason}`, ...releaseLines(answer.release)];
    case 'replay':
      return replayLines(answer);
  }
};

const awayLines = (away: readonly string[]): string[] => (away.length === 0 ? [] : [`No answer from ${away.join(', ')}: what is above is without ${away.length === 1 ? 'it' : 'them'}.`]);

const lagLines = ({ services }: Lag): string[] => [
  ...table(['service', 'unpublished', 'oldest'], services.map(({ service, unpublished, oldestUnpublishedSeconds }) => [service, unpublished, unpublished === 0 ? '-' : duration(oldestUnpublishedSeconds)])),
  '',
  ...table(
    ['consumer', 'behind', 'oldest', 'parked keys', 'parked facts', 'skipped', ''],
    services.flatMap(({ consumers }) =>
      consumers.map(({ consumer, facts, seconds, parkedKeys, parkedFacts, redeliveries, rebuilding }) => [consumer, facts ?? 'no answer', facts === 0 || seconds === null ? '-' : duration(seconds), parkedKeys, parkedFacts, redeliveries, rebuilding ? 'rebuilding' : '']),
    ),
  ),
];

const parkedLines = ({ facts, totalCount }: Parked): string[] => {
  if (facts.length === 0) return ['Nothing is parked.'];
  const rows = facts.map(({ id, consumer, key, verdict, attempts, parkedAt, type, reason }) => [id, consumer, key ?? '-', verdict.toLowerCase(), attempts, parkedAt, type?.split('.').at(-1) ?? '-', short(reason)]);
  return [...table(['id', 'consumer', 'key', 'verdict', 'tries', 'parked at', 'type', 'reason'], rows), ...(facts.length < totalCount ? [`${facts.length} of ${totalCount}; --limit shows more.`] : [])];
};

const detailLines = ({ id, state, fact, headers, content, bytes, history }: Details): string[] => [
  `${id}: ${state.toLowerCase()}`,
  ...(fact
    ? [
        `consumer   ${fact.consumer}`,
        `key        ${fact.key ?? '-'}`,
        `verdict    ${fact.verdict.toLowerCase()}`,
        `reason     ${fact.reason}`,
        `tries      ${fact.attempts}`,
        `parked at  ${fact.parkedAt}`,
        `position   ${fact.position}`,
        'headers',
        ...headers.map(({ name, value }) => `  ${name}: ${value}`),
        content === null ? `content    cannot be read (${bytes} bytes)` : 'content',
        ...(content === null ? [] : JSON.stringify(JSON.parse(content), undefined, 2).split('\n').map((line) => `  ${line}`)),
      ]
    : []),
  'history',
  ...(history.length === 0 ? ['  nothing was done about it yet'] : history.map(historyLine)),
];

const historyLine = ({ at, actor, action, reason }: Action): string => `  ${at}  ${action.toLowerCase().replaceAll('_', '-')}  by ${actor}${reason ? `: ${short(reason, 200)}` : ''}`;

const releaseLines = ({ consumer, key, applied, left, heldBy, heldByReason }: Release): string[] => [
  `${consumer}${key ? `, key ${key}` : ''}: ${applied} applied, ${left} left`,
  ...(heldBy ? [`  ${heldBy} failed again: ${heldByReason ?? ''}`] : []),
];

const retryLines = ({ id, state, key, releases }: Extract<Answer, { command: 'retry' }>): string[] => {
  if (id !== undefined && state === 'APPLIED' && releases.every(({ applied }) => applied === 0)) return [`${id} was applied before; there is nothing to do.`];
  if (releases.length === 0) return [`Nothing is parked under ${key ?? ''} any more.`];
  return releases.flatMap(releaseLines);
};

const ENDS: Readonly<Record<string, string>> = { DONE: 'done', FAILED: 'failed', BROKEN_OFF: 'broken off: begin it again, that is safe' };

const replayLines = ({ consumer, from, state, read, applied, skipped, ignored, parked, why }: Replay): string[] => [
  `${consumer} from ${from}: ${ENDS[state] ?? state}${why ? ` (${why})` : ''}`,
  `${read} facts read: ${applied} applied, ${skipped} applied before, ${ignored} not wanted, ${parked} parked; nobody was alerted.`,
];
