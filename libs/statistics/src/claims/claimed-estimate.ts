import { requireFinite } from '../inputs.js';
import { CLAIM_OF, designCaveats, rungOf, type Caveat, type ClaimOf, type DesignDescription, type Rung } from './ladder.js';
import { CAVEAT_SENTENCES, sentenceFor, sideOf, type Finding, type Side } from './sentences.js';
import { requireSealed, seal, type Sealed } from './seal.js';
import { forbiddenWords } from './words.js';

/** Below this an interval leans on too little for a p-value (Satterthwaite degrees of freedom). */
export const DF_AT_LEAST = 4;

type Claimed<R extends Rung> = {
  readonly rung: R;
  readonly claim: ClaimOf[R];
  readonly sentence: string;
  readonly caveats: readonly Caveat[];
  /** The caveats in words, in the same order. */
  readonly caveatSentences: readonly string[];
  /** Words that nobody may use of this estimate. */
  readonly forbiddenWords: readonly string[];
  /** Where the interval lies; `open` where there is none, and at rung 1, where a level has no side. */
  readonly side: Side;
  readonly design: DesignDescription;
  readonly finding: Finding;
};

/**
 * An estimate with the claim that its design allows. It comes from {@link claimEstimate} alone: the type carries a mark
 * that no other code can write, and a copy with another rung is recognised at run time and refused.
 */
export type ClaimedEstimate<R extends Rung = Rung> = R extends Rung ? Sealed<Claimed<R>, R> : never;

/**
 * From a design and a finding to the strongest sentence allowed, its caveats and its forbidden words. There is no argument
 * by which a caller could raise the rung; only a design that allows more does.
 *
 * @throws RangeError naming the argument that breaks a rule (see rungOf; figures must be finite, low <= estimate <= high)
 */
export const claimEstimate = (design: DesignDescription, finding: Finding): ClaimedEstimate => {
  const rung = rungOf(design);
  requireFinding(finding);
  const caveats = [...figureCaveats(finding), ...designCaveats(design)];
  const claimed: Claimed<Rung> = {
    rung,
    claim: CLAIM_OF[rung],
    sentence: sentenceFor(rung, design, finding),
    caveats,
    caveatSentences: caveats.map((caveat) => CAVEAT_SENTENCES[caveat]),
    forbiddenWords: forbiddenWords(rung),
    side: finding.figures && rung > 1 ? sideOf(finding.higherIs, finding.figures.intervalLow, finding.figures.intervalHigh) : 'open',
    design,
    finding,
  };
  return seal<Claimed<Rung>, Rung>(claimed) as ClaimedEstimate;
};

/** @throws TypeError when it did not come from claimEstimate, or is a copy of what did */
export const requireClaimed = (name: string, value: ClaimedEstimate): void => requireSealed(name, value, 'claimEstimate');

const FIGURE_CAVEATS: Readonly<Record<string, Caveat>> = {
  'too-few-pairs': 'too-few-pairs',
  'too-few-observations': 'too-few-pairs',
  'too-few-clusters': 'too-few-clusters',
  'no-variation': 'no-variation',
};

const figureCaveats = ({ figures, because }: Finding): readonly Caveat[] => {
  const found: Caveat[] = [];
  const missing = FIGURE_CAVEATS[because ?? ''];
  if (!figures && missing) found.push(missing);
  if ((figures?.df ?? DF_AT_LEAST) < DF_AT_LEAST) found.push('low-df');
  return found;
};

const requireFinding = ({ figures, baselineGap, higherIs }: Finding): void => {
  if (!['better', 'worse', 'neither'].includes(higherIs))
    throw new RangeError(`higherIs must be better, worse or neither, not ${JSON.stringify(higherIs)}`);
  for (const [name, interval] of [['figures', figures], ['baselineGap', baselineGap]] as const) {
    if (!interval) continue;
    const { estimate, intervalLow, intervalHigh } = interval;
    requireFinite(`${name} (estimate, intervalLow, intervalHigh)`, [estimate, intervalLow, intervalHigh]);
    if (!(intervalLow <= estimate && estimate <= intervalHigh))
      throw new RangeError(`${name} must lie in order: intervalLow ${intervalLow} <= estimate ${estimate} <= intervalHigh ${intervalHigh}`);
  }
  const level = figures?.level ?? 0.95;
  if (!(level > 0 && level < 1)) throw new RangeError(`figures.level must be between 0 and 1, e.g. 0.95, not ${level}`);
};
