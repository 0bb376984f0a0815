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
  readonly harmful: boolean;
};

const figure = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(3)}`;

const direction = (estimate: ShownEstimate): string => {
  const { intervalLow: low, intervalHigh: high, higherIs, harmful } = estimate;
  if (low === null || high === null) return '';
  if (harmful) return ' The whole interval lies on the harmful side.';
  const helpful = (higherIs === 'better' && low > 0) || (higherIs === 'worse' && high < 0);
  return helpful ? ' The whole interval lies on the helpful side.' : ' It may be nothing: the interval holds zero or has no good or bad side.';
};

/**
 * The strongest sentence that the design allows, and no stronger one: "effect" only where arms were drawn by lot,
 * "difference" with its condition where they were not, "change" with other causes where there is nothing to compare with.
 */
export const sentenceOf = (estimate: ShownEstimate): string => {
  const { item, wave, claim, n, difference, intervalLow, intervalHigh } = estimate;
  if (difference === null || intervalLow === null || intervalHigh === null) return `No estimate for ${item} at ${wave}: too few people answered both waves.`;
  const interval = `${figure(difference)} (95 % interval ${figure(intervalLow)} to ${figure(intervalHigh)}), ${n} people with both waves`;
  switch (claim) {
    case 'effect':
      return `Effect on ${item} at ${wave}: ${interval}; arms were drawn by lot.${direction(estimate)}`;
    case 'adjusted-difference':
      return `Difference between arms in ${item} at ${wave}: ${interval}; arms were not drawn by lot, so it holds only if both would have changed alike.${direction(estimate)}`;
    default:
      return `Change in ${item} from baseline to ${wave}: ${interval}; without a comparison group it may be due to other causes.${direction(estimate)}`;
  }
};
