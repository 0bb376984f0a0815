import { randomUUID } from 'node:crypto';

/** What every fact says about itself: CloudEvents 1.0 attributes and three of our own. */
export type FactAttributes = {
  /** A consumer applies one id once. */
  readonly id: string;
  /** Protobuf full name. */
  readonly type: string;
  /** The service that published it. */
  readonly source: string;
  readonly time: Date;
  /** The intervention, else the mission: facts of one key stay in order. */
  readonly key: string;
  /** The aggregate that changed, and its version after the change. */
  readonly subject: string;
  readonly sequence: number;
  readonly mission: string;
  /** Born of an import or replay that asked for no alerts. */
  readonly quiet: boolean;
  readonly traceparent?: string | undefined;
};

/** A fact as it travels: attributes and protobuf bytes. */
export type EncodedFact = FactAttributes & { readonly data: Uint8Array };

/** A fact as a handler gets it. */
export type Fact<T = unknown> = FactAttributes & { readonly data: T };

/** A fact as a service states it; id, time and source are added when it is written to the outbox. */
export type NewFact = {
  readonly type: string;
  readonly key: string;
  readonly subject: string;
  readonly sequence: number;
  readonly mission: string;
  readonly data: Uint8Array;
  readonly quiet?: boolean;
  readonly id?: string;
};

export const newFactId = (): string => randomUUID();

/** A record as it lies in a log: anything may be missing or wrong, for anyone may have written it. */
export type LogRecord = {
  readonly topic: string;
  readonly partition: number;
  /** Counts up within topic and partition. */
  readonly position: bigint;
  readonly key: string | undefined;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly value: Uint8Array | null;
};

/** CloudEvents binary mode, as Kafka carries it. */
export const headersOf = (fact: EncodedFact): Record<string, string> => ({
  ce_specversion: '1.0',
  ce_id: fact.id,
  ce_type: fact.type,
  ce_source: fact.source,
  ce_time: fact.time.toISOString(),
  ce_subject: fact.subject,
  ce_sequence: String(fact.sequence),
  ce_mission: fact.mission,
  ce_quiet: String(fact.quiet),
  'content-type': 'application/protobuf',
  ...(fact.traceparent ? { traceparent: fact.traceparent } : {}),
});

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const isFactId = (text: string): boolean => UUID.test(text);

/** In characters; a key is an id or a mission's code. */
export const LONGEST_KEY = 200;
export const LONGEST_HEADER = 1_000;

/** What no table could keep, or only in part. */
const oddIn = (key: string, headers: LogRecord['headers']): string | undefined => {
  if (key.length > LONGEST_KEY) return `has a key of more than ${LONGEST_KEY} characters`;
  if (key.includes('\0')) return 'has a key with a NUL in it';
  for (const name of ['ce_type', 'ce_source', 'ce_subject', 'ce_mission']) {
    const value = headers[name] ?? '';
    if (value.length > LONGEST_HEADER || value.includes('\0')) return `has a ${name} with a NUL in it, or of more than ${LONGEST_HEADER} characters`;
  }
  return undefined;
};

/** @returns the fact that a record holds, or why it holds none */
export const readEnvelope = (record: LogRecord): EncodedFact | { readonly unreadable: string } => {
  const { headers, value } = record;
  if (value === null) return { unreadable: 'has no value' };
  const type = headers['ce_type'];
  const id = headers['ce_id'];
  if (!type) return { unreadable: 'has no ce_type' };
  if (!id || !isFactId(id)) return { unreadable: 'has no ce_id that is a UUID' };
  if (!record.key) return { unreadable: 'has no key' };
  const odd = oddIn(record.key, headers);
  if (odd) return { unreadable: odd };
  const time = new Date(headers['ce_time'] ?? Number.NaN);
  if (Number.isNaN(time.getTime())) return { unreadable: 'has no ce_time' };
  const sequence = Number(headers['ce_sequence'] ?? '0');
  if (!Number.isSafeInteger(sequence)) return { unreadable: 'has a ce_sequence that is no number' };
  return {
    id,
    type,
    time,
    sequence,
    source: headers['ce_source'] ?? '',
    key: record.key,
    subject: headers['ce_subject'] ?? '',
    mission: headers['ce_mission'] ?? '',
    quiet: headers['ce_quiet'] === 'true',
    traceparent: headers['traceparent'],
    data: value,
  };
};
