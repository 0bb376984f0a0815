import type { Fact, FactContext, FactHandler } from '@common-ground/messaging';

/** What one type of fact does to a model. */
export type Fold = { readonly type: string; readonly apply: (model: number, data: unknown, context: FactContext) => Promise<void> };
export type Projection = readonly Fold[];

export const on = <T>(codec: { readonly type: string }, apply: (model: number, data: T, context: FactContext) => Promise<void>): Fold => ({
  type: codec.type,
  apply: (model, data, context) => apply(model, data as T, context),
});

/** The projection as a consumer's handlers, writing into one model. */
export const handlersFor = (model: number, folds: Projection): ReadonlyMap<string, FactHandler> =>
  new Map(folds.map(({ type, apply }) => [type, (fact: Fact, context: FactContext) => apply(model, fact.data, context)]));
