import { TokenBuckets } from './token-bucket.js';

export type Rates = { readonly person: TokenBuckets; readonly address: TokenBuckets };
export const RATES = Symbol('Rates');

/** Four seconds' worth may come at once: a page that opens asks for much. */
export const ratesOf = (perSecond: { readonly person: number; readonly address: number }): Rates => ({
  person: new TokenBuckets(perSecond.person, perSecond.person * 4),
  address: new TokenBuckets(perSecond.address, perSecond.address * 4),
});
