import { claimEstimate, type DesignDescription } from '@common-ground/statistics';

/** An estimate as the portfolio has it; the figures are on the item's 0 to 1 scale. */
export type ShownEstimate = {
  readonly item: string;
  readonly wave: string;
  readonly claim: string;
  readonly n: number;
  readonly difference: number | null;
  readonly intervalLow: number | null;
  readonly intervalHigh: number | null;
  readonly higherIs: string;
};

/** The design that a claim came from, as far as the sentence needs it: what is not known is taken for the weaker design. */
const designOf = ({ claim, n }: ShownEstimate): DesignDescription => {
  const hasArms = claim === 'effect' || claim === 'adjusted-difference';
  return {
    waves: claim === 'level' ? 1 : 2,
    assignment: claim === 'effect' ? 'randomised' : hasArms ? 'chosen' : 'none',
    unit: 'person',
    people: hasArms ? { treatment: n - Math.floor(n / 2), comparison: Math.floor(n / 2) } : { treatment: n, comparison: 0 },
  };
};

/**
 * The sentence of an estimate that carries none: it was told before estimates had sentences, or its figures are withheld here.
 * The words are the claim ladder's, as they are for every other estimate.
 */
export const sentenceOf = (shown: ShownEstimate): string => {
  const { item: outcome, wave, higherIs, difference, intervalLow, intervalHigh } = shown;
  const hasFigures = difference !== null && intervalLow !== null && intervalHigh !== null;
  return claimEstimate(designOf(shown), {
    outcome,
    wave,
    higherIs: higherIs === 'better' || higherIs === 'worse' ? higherIs : 'neither',
    ...(hasFigures ? { figures: { estimate: difference, intervalLow, intervalHigh } } : { because: 'too-few-pairs' }),
  }).sentence;
};
