import { outcomeSubject, type Finding } from './finding.js';

/** An estimate of an effect, as evaluation published it; figures on the item's 0 to 1 scale. */
export type Estimate = {
  readonly instrumentId: string;
  readonly item: string;
  readonly wave: string;
  readonly claim: string;
  readonly method: string;
  readonly higherIs: string;
  /** The whole interval lies on the harmful side of zero, minding the item's direction. */
  readonly harmful: boolean;
  readonly n: number;
  readonly difference?: number | undefined;
  readonly intervalLow?: number | undefined;
  readonly intervalHigh?: number | undefined;
  readonly revision: number;
  readonly estimatedAt: Date;
};

export type EstimateVerdict =
  /** Opens a flag or renews what its evidence says. */
  | { readonly kind: 'harmful'; readonly finding: Finding }
  /** Is told to an open flag that this estimate gave evidence to, and to nobody else. */
  | { readonly kind: 'no-longer-harmful'; readonly finding: Finding };

const figuresOf = (estimate: Estimate): Record<string, number> => {
  const { difference, intervalLow, intervalHigh, n } = estimate;
  const named = { difference, intervalLow, intervalHigh, n };
  return Object.fromEntries(
    Object.entries(named).filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
  );
};

/** Where an estimate's evidence of harm stands, so that a later word on it can find it. */
export const harmKey = (estimate: Pick<Estimate, 'instrumentId' | 'item' | 'wave'>): string =>
  `estimate:${estimate.instrumentId}:${estimate.item}:${estimate.wave}`;

/** An outcome worsened when its whole interval lies on the harmful side. */
export const judgeEstimate = (estimate: Estimate): EstimateVerdict => {
  const kind = estimate.harmful ? 'harmful' : 'no-longer-harmful';
  const subject = outcomeSubject(estimate.item, estimate.wave);
  const { item, wave, claim, method, higherIs } = estimate;
  return {
    kind,
    finding: {
      rule: 'outcome-worsened',
      subjectKey: subject,
      evidence: {
        sourceKey: estimate.harmful ? harmKey(estimate) : `${harmKey(estimate)}:no-longer-harmful`,
        version: estimate.revision,
        kind: 'outcome',
        subject,
        observedAt: estimate.estimatedAt,
        figures: figuresOf(estimate),
        terms: { verdict: kind, item, wave, claim, method, higherIs },
      },
    },
  };
};
