import type { DeliveredFact, FactBatchHandler } from '@common-ground/messaging';
import type { Transaction } from '@common-ground/persistence';

type Typed = { readonly type: string };

/**
 * What the facts of one topic do to a model, many at a time: what they say is brought together in memory, in the log's order,
 * and written in a few statements. However facts are cut into pieces, the model comes out the same.
 */
export type Fold = {
  readonly types: readonly string[];
  readonly apply: (tx: Transaction, model: number, facts: readonly DeliveredFact[]) => Promise<void>;
};
export type Projection = readonly Fold[];

/** The projection as a consumer's handlers, writing into one model. */
export const handlersFor = (model: number, projection: Projection): readonly FactBatchHandler[] =>
  projection.map(({ types, apply }) => ({ types, handle: (facts, tx) => apply(tx, model, facts) }));

/** What facts of these types say, in order. */
export const dataOf = <T>(facts: readonly DeliveredFact[], ...codecs: readonly Typed[]): T[] =>
  facts.filter(({ type }) => codecs.some((codec) => codec.type === type)).map(({ data }) => data as T);

/** Facts about one thing each, brought together by it: `merge` gets what was said of it before, if anything was. */
export const gathered = <T, S>(facts: readonly T[], idOf: (fact: T) => string, merge: (before: S | undefined, fact: T) => S): ReadonlyMap<string, S> => {
  const states = new Map<string, S>();
  for (const fact of facts) states.set(idOf(fact), merge(states.get(idOf(fact)), fact));
  return states;
};

/** The last of what was said about each thing. */
export const latest = <T>(facts: readonly T[], idOf: (fact: T) => string): ReadonlyMap<string, T> => new Map(facts.map((fact) => [idOf(fact), fact]));
