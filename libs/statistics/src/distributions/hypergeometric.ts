import hypergeometric from '@stdlib/stats-base-dists-hypergeometric';
import { requireCount, requireNumber } from './arguments.js';

/** An urn: how many balls, how many of them marked, how many drawn without putting back. */
export type Urn = { readonly total: number; readonly marked: number; readonly drawn: number };

const requireUrn = ({ total, marked, drawn }: Urn): void => {
  requireCount('total', total);
  requireCount('marked', marked);
  requireCount('drawn', drawn);
  if (marked > total) throw new RangeError(`marked must be at most total (${total}), not ${marked}`);
  if (drawn > total) throw new RangeError(`drawn must be at most total (${total}), not ${drawn}`);
};

/** P(X = k) that k of the drawn are marked; 0 where k is impossible. */
export const hypergeometricMass = (k: number, urn: Urn): number => {
  requireNumber('k', k);
  requireUrn(urn);
  return hypergeometric.pmf(k, urn.total, urn.marked, urn.drawn);
};

/** P(X <= k). */
export const hypergeometricCdf = (k: number, urn: Urn): number => {
  requireNumber('k', k);
  requireUrn(urn);
  return hypergeometric.cdf(k, urn.total, urn.marked, urn.drawn);
};
