import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Connection, PlatformError, requestGraphql } from '../platform/graphql-client.js';
import type { Answer, Details, Lag, Parked, Release, Replay } from './answers.js';
import type { Command } from './read-command.js';

const PAGE = 100;
/** A replay is looked at this often. */
const LOOK_EVERY_MS = 500;

const FACT = 'id consumer key verdict reason attempts parkedAt factId type position';
const ACTION = 'at actor action reason';
const RELEASE = 'consumer key applied left heldBy heldByReason';
const REPLAY = 'commandId consumer from state read applied skipped ignored parked why actor begunAt endedAt';

type Refusable = { readonly errors: readonly { readonly code: string; readonly message: string; readonly path: readonly string[] }[] };

const mutate = async <T extends Refusable>(connection: Connection, name: string, input: object, fields: string): Promise<T> => {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const data = await requestGraphql<Record<string, T>>(connection, `mutation($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code message path } } }`, { input });
  const answer = data[name] as T;
  const [refused] = answer.errors;
  if (refused) throw new PlatformError(`${refused.path.length > 0 ? `${refused.path.join('.')}: ` : ''}${refused.message}`, refused.code);
  return answer;
};

/** Does what a command says, by GraphQL as anybody could. @throws PlatformError when it is refused */
export const ask = async (connection: Connection, command: Command): Promise<Answer> => {
  switch (command.name) {
    case 'lag':
      return { command: 'lag', ...(await readLag(connection)) };
    case 'parked':
      return { command: 'parked', ...(await readParked(connection, command)) };
    case 'show':
      return { command: 'show', ...(await requestGraphql<{ parkedFact: Details }>(connection, `query($id: ID!) { parkedFact(id: $id) { id state fact { ${FACT} } headers { name value } content bytes history { ${ACTION} } } }`, { id: command.id })).parkedFact };
    case 'retry':
      return command.id === undefined ? retryKey(connection, command) : retryFact(connection, command.id, command.reason);
    case 'discard':
      return discard(connection, command);
    case 'replay':
      return replay(connection, command);
  }
};

const readLag = async (connection: Connection): Promise<Lag> =>
  (await requestGraphql<{ messagingLag: Lag }>(connection, '{ messagingLag { away services { service unpublished oldestUnpublishedSeconds consumers { consumer topics facts seconds parkedFacts parkedKeys redeliveries rebuilding } } } }')).messagingLag;

const readParked = async (connection: Connection, { consumer, key, limit }: { readonly consumer?: string | undefined; readonly key?: string | undefined; readonly limit: number }): Promise<Parked> => {
  const facts: Parked['facts'][number][] = [];
  for (;;) {
    const first = Math.min(PAGE, limit - facts.length);
    const { parkedFacts } = await requestGraphql<{ parkedFacts: Parked & { readonly hasNextPage: boolean } }>(
      connection,
      `query($first: Int, $after: String, $consumer: String, $key: String) { parkedFacts(first: $first, after: $after, consumer: $consumer, key: $key) { totalCount hasNextPage away facts { ${FACT} } } }`,
      { first, after: facts.at(-1)?.id ?? null, consumer: consumer ?? null, key: key ?? null },
    );
    facts.push(...parkedFacts.facts);
    if (!parkedFacts.hasNextPage || facts.length >= limit) return { facts, totalCount: parkedFacts.totalCount, away: parkedFacts.away };
  }
};

/** While facts are left and none has failed, the work was only cut by time: the same command goes on. */
const unfinished = ({ left, heldBy }: Release): boolean => left > 0 && heldBy === null;

const retryFact = async (connection: Connection, id: string, reason: string): Promise<Answer> => {
  const input = { commandId: randomUUID(), id, reason };
  for (;;) {
    const { state, release } = await mutate<Refusable & { readonly state: string; readonly release: Release }>(connection, 'retryParkedFact', input, `state release { ${RELEASE} }`);
    if (!unfinished(release)) return { command: 'retry', id, state, releases: [release], away: [] };
  }
};

const retryKey = async (connection: Connection, { key, consumer, reason }: { readonly key?: string | undefined; readonly consumer?: string | undefined; readonly reason: string }): Promise<Answer> => {
  const input = { commandId: randomUUID(), key, consumer, reason };
  const finished = new Map<string, Release>();
  for (;;) {
    const { releases, away } = await mutate<Refusable & { readonly releases: readonly Release[]; readonly away: readonly string[] }>(connection, 'retryParkedKey', input, `releases { ${RELEASE} } away`);
    for (const release of releases) finished.set(release.consumer, release);
    if (!releases.some(unfinished)) return { command: 'retry', key: key ?? '', releases: [...finished.values()], away };
  }
};

const discard = async (connection: Connection, { id, reason }: { readonly id: string; readonly reason: string }): Promise<Answer> => {
  const input = { commandId: randomUUID(), id, reason };
  for (;;) {
    const { discarded, release } = await mutate<Refusable & { readonly discarded: Details['history'][number]; readonly release: Release }>(connection, 'discardParkedFact', input, `discarded { ${ACTION} } release { ${RELEASE} }`);
    if (!unfinished(release)) return { command: 'discard', id, discarded, release };
  }
};

const replay = async (connection: Connection, { consumer, from, reason }: { readonly consumer: string; readonly from: string; readonly reason: string }): Promise<Answer> => {
  let { replay: current } = await mutate<Refusable & { readonly replay: Replay }>(connection, 'replayConsumer', { commandId: randomUUID(), consumer, from, reason }, `replay { ${REPLAY} }`);
  while (current.state === 'RUNNING') {
    await pause(LOOK_EVERY_MS);
    current = (await requestGraphql<{ consumerReplay: Replay }>(connection, `query($consumer: String!) { consumerReplay(consumer: $consumer) { ${REPLAY} } }`, { consumer })).consumerReplay;
  }
  return { command: 'replay', ...current };
};
