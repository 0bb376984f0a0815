import { createHash } from 'node:crypto';
import { BinaryReader, BinaryWriter } from '@bufbuild/protobuf/wire';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type FactHandler, PoisonFact } from '../index.js';

/** As anyone may have written it. */
export type Message = { readonly key: string | undefined; readonly headers: Readonly<Record<string, string>>; readonly value: Buffer | null };
/** `known` and `ignored` leave no trace but a count; what is parked goes by its verdict. */
export type Outcome = 'applied' | 'known' | 'ignored' | 'poison' | 'bug' | 'waiting' | 'unreadable';
/** A message, what it is, and what must become of it. */
export type Told = { readonly message: Message; readonly kind: string; readonly outcome: Outcome; /** What may become of it as well, where it came in one stretch with what it repeats. */ readonly or?: Outcome };

export const TYPES = { together: 'test.v1.Together', alone: 'test.v1.Alone', unknown: 'test.v1.FromTheFuture' } as const;
/** Names a message among all others; consumers do not know it. */
export const NUMBER = 'x-number';

const bytesOf = (text: string): Buffer => Buffer.from(new BinaryWriter().uint32(10).string(text).finish());
/** A field that this build does not know. */
const FROM_THE_FUTURE = Buffer.from(new BinaryWriter().uint32(10 << 3).int32(7).finish());

/** As generated code reads it: a first field of text, the others skipped. */
export const decode = (_type: string, bytes: Uint8Array): string => {
  const reader = new BinaryReader(bytes);
  let text = '';
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === 10) text = reader.string();
    else reader.skip(tag & 7, tag >>> 3);
  }
  if (!text) throw new RangeError('says nothing');
  return text;
};

const THROWN: Readonly<Record<string, () => unknown>> = {
  'a TypeError': () => new TypeError('cannot read properties of undefined'),
  'a RangeError': () => new RangeError('index out of range'),
  'a string': () => 'a string',
  undefined: () => undefined,
  'a rejected promise': () => Promise.reject(new Error('rejected')),
};

/** Throws what a fact's text names; whatever is no word of ours breaks the contract. */
export const objects = (text: string): void => {
  if (text in THROWN) throw THROWN[text]?.();
  if (!/^(fine|a value from the future)/.test(text)) throw new PoisonFact('breaks its contract');
};

export const alone =
  (apply: FactHandler): FactHandler =>
  async (fact, context) => {
    objects(fact.data as string);
    await apply(fact, context);
  };

type Dice = { readonly below: (bound: number) => number; readonly bytes: (length: number) => Buffer };
type Sent = { readonly told: Told; readonly id: string };
type Season = { readonly dice: Dice; readonly held: Set<string>; readonly sent: Map<string, Sent[]>; readonly applied: Set<string> };

const diceOf = (seed: number): Dice => {
  const generator = xoroshiro128plus(seed);
  const below = (bound: number): number => uniformInt(generator, 0, bound - 1);
  return { below, bytes: (length) => Buffer.from(Array.from({ length }, () => below(256))) };
};

const idOf = (number: number): string => createHash('sha256').update(`poison/${number}`).digest('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');

/** Handlers that throw are tried three times with pauses; so that a run ends, they do it in one stretch of ten. */
const STRETCH = 500;
const throwsHere = (number: number): boolean => Math.floor(number / STRETCH) % 10 === 0;

const KEYS_AT_ONCE = 40;
const MESSAGES_A_KEY = 12;
const OVERSIZED_BYTES = 900_000;
/** Of a hundred thousand so many: they weigh. */
const OVERSIZED_EVERY = 8_000;

const wellFormed = (number: number, key: string, { type = TYPES.together as string, text = 'fine', sequence = number } = {}): Message => ({
  key,
  headers: { ce_specversion: '1.0', ce_id: idOf(number), ce_type: type, ce_source: 'test', ce_time: new Date(1_790_000_000_000 + number).toISOString(), ce_subject: key, ce_sequence: String(sequence), ce_mission: 'PE', ce_quiet: 'false', [NUMBER]: String(number) },
  value: bytesOf(text),
});

/** What holds no fact at all: it is parked and holds up nobody. */
const noise = (number: number, key: string, { below, bytes }: Dice): readonly [string, Message] => {
  const fine = wellFormed(number, key);
  const { [NUMBER]: numbered, ce_id: _id, ce_type: _type, ...rest } = fine.headers;
  const kinds: readonly (readonly [string, Message])[] = [
    ['null', { ...fine, value: null }],
    ['no headers but a number', { key, headers: { [NUMBER]: numbered ?? '' }, value: bytes(20) }],
    ['no type', { ...fine, headers: { ...rest, ce_id: idOf(number), [NUMBER]: numbered ?? '' } }],
    ['an id that is none', { ...fine, headers: { ...fine.headers, ce_id: 'not-an-id' } }],
    ['no key', { ...fine, key: undefined }],
    ['a key without end', { ...fine, key: 'k'.repeat(5_000) }],
    ['no time', { ...fine, headers: { ...fine.headers, ce_time: 'yesterday' } }],
    ['a version that is none', { ...fine, headers: { ...fine.headers, ce_sequence: 'three' } }],
  ];
  return kinds[below(kinds.length)] as readonly [string, Message];
};

/** A fact that no handler will take, with the verdict that it must come to. */
const bad = (number: number, key: string, { below, bytes }: Dice): readonly [string, Message, Outcome] => {
  const fine = wellFormed(number, key);
  const odd = throwsHere(number) ? below(12) : 5 + below(7);
  const thrown = Object.keys(THROWN)[odd];
  if (thrown !== undefined) return [`a handler that throws ${thrown}`, wellFormed(number, key, { type: odd % 2 === 0 ? TYPES.alone : TYPES.together, text: thrown }), 'bug'];
  if (odd < 7) return ['random bytes', { ...fine, value: Buffer.concat([Buffer.from([0x0a, 0xff]), bytes(1 + below(60))]) }, 'poison'];
  if (odd < 9) return ['truncated', { ...fine, value: bytesOf('fine and long enough to be cut').subarray(0, 3 + below(20)) }, 'poison'];
  if (odd === 9) return ['empty', { ...fine, value: Buffer.alloc(0) }, 'poison'];
  if (odd === 10) return ['another message under its type', { ...fine, value: Buffer.from(new BinaryWriter().uint32(16).int32(number).finish()) }, 'poison'];
  return ['what its contract does not allow', wellFormed(number, key, { text: 'nonsense' }), 'poison'];
};

const good = (number: number, key: string, { below }: Dice): readonly [string, Message] => {
  const type = below(4) === 0 ? TYPES.alone : TYPES.together;
  const fine = wellFormed(number, key, { type });
  switch (below(12)) {
    case 0:
      return ['a gap in versions', wellFormed(number, key, { type, sequence: number + 1_000 })];
    case 1:
      return ['an unknown field', { ...fine, value: Buffer.concat([bytesOf('fine'), FROM_THE_FUTURE]) }];
    case 2:
      return ['a new enum value', wellFormed(number, key, { type, text: 'a value from the future' })];
    default:
      return ['fine', fine];
  }
};

const AGAIN = 'delivered again';
const ALTERED = 'the same id with another payload';
const REPEATED: ReadonlySet<string> = new Set([AGAIN, ALTERED]);

/** Once more as it was, or with the same id and other content. A key that waits takes in either: it is told when the key is let go. */
const repeated = (number: number, { told: { message } }: Sent, { isApplied, stopped, again }: { readonly isApplied: boolean; readonly stopped: boolean; readonly again: boolean }): Told => {
  const headers = { ...message.headers, [NUMBER]: String(number) };
  const outcome = isApplied ? (again ? 'known' : 'unreadable') : 'waiting';
  const also: Outcome = isApplied ? 'waiting' : again ? 'known' : 'unreadable';
  return {
    kind: again ? AGAIN : ALTERED,
    message: again ? { ...message, headers } : { ...message, headers, value: bytesOf(`fine, but not what ${number} was`) },
    outcome,
    ...(stopped ? { or: also } : {}),
  };
};

const next = (number: number, season: Season): Told => {
  const { dice, held, sent, applied } = season;
  const key = `key-${Math.floor(number / (KEYS_AT_ONCE * MESSAGES_A_KEY))}-${dice.below(KEYS_AT_ONCE)}`;
  const stopped = held.has(key);
  const behind = (outcome: Outcome): Outcome => (stopped ? 'waiting' : outcome);
  const roll = dice.below(100);
  const earlier = sent.get(key) ?? [];
  const before = earlier[dice.below(earlier.length || 1)];
  if (number % OVERSIZED_EVERY === 0) return { kind: 'oversized', message: { ...wellFormed(number, key), value: Buffer.alloc(OVERSIZED_BYTES, 0xff) }, outcome: behind('poison') };
  if (roll < 6) {
    const [kind, message] = noise(number, key, dice);
    return { kind, message, outcome: 'unreadable' };
  }
  if (roll < 8) {
    const [kind, message, outcome] = bad(number, key, dice);
    return { kind, message, outcome: behind(outcome) };
  }
  if (roll < 14) return { kind: 'an unknown type', message: wellFormed(number, key, { type: TYPES.unknown }), outcome: 'ignored' };
  if (roll < 23 && before) return repeated(number, before, { isApplied: applied.has(before.id), stopped, again: roll < 20 });
  if (roll < 26 && before) return { kind: 'an old version', message: wellFormed(number, key, { sequence: 1 }), outcome: behind('applied') };
  const [kind, message] = good(number, key, dice);
  return { kind, message, outcome: behind('applied') };
};

/** Messages of every kind and what must become of each, made anew from the seed. */
export const poison = (count: number, seed: number): readonly Told[] => {
  const season: Season = { dice: diceOf(seed), held: new Set(), sent: new Map(), applied: new Set() };
  return Array.from({ length: count }, (_, number) => {
    const told = next(number, season);
    const { key = '', headers } = told.message;
    const id = headers['ce_id'] ?? '';
    if (told.outcome === 'applied') season.applied.add(id);
    if (told.outcome === 'poison' || told.outcome === 'bug') season.held.add(key);
    // What is no fact, not ours, or a repetition itself is not repeated: that would only be the same once more.
    if ((told.outcome === 'applied' || told.outcome === 'waiting') && !REPEATED.has(told.kind)) season.sent.set(key, [...(season.sent.get(key) ?? []), { told, id }]);
    return told;
  });
};
