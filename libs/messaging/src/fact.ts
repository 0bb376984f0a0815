/** Something that happened, as a consumer meets it: who says so, about what, in which order, and what it says. */
export type Fact<T = unknown> = {
  /** The same fact published twice has the same id. */
  readonly id: string;
  /** Protobuf full name, e.g. `commonground.scheduling.v1.ActivityHeld`. */
  readonly type: string;
  /** The service that owns it. */
  readonly source: string;
  readonly time: Date;
  /** Order holds within a key: the intervention's id, else the mission's code. */
  readonly key: string;
  /** The aggregate's id. */
  readonly subject: string;
  /** The aggregate's version after this fact. */
  readonly sequence: number;
  readonly mission: string;
  /** Born of an import or a rebuild that asked for no alerts. */
  readonly quiet: boolean;
  /** W3C trace context of the command it came from. */
  readonly traceparent?: string;
  readonly data: T;
};

/** A fact with its bytes as they travel. */
export type EncodedFact = Fact<Uint8Array>;

/** What a service hands to the outbox; `data` is encoded before the transaction starts. */
export type NewFact = {
  readonly type: string;
  readonly key: string;
  readonly subject: string;
  readonly sequence: number;
  readonly mission: string;
  readonly data: Uint8Array;
  readonly quiet?: boolean;
  /** When it happened, if not now. */
  readonly time?: Date;
};

/** Reads a fact's bytes. Gives undefined for a type it does not know, throws on bytes that are no such message. */
export type DecodeFact = (type: string, bytes: Uint8Array) => unknown;
