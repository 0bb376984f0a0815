/**
 * The ladder of claims: what a design allows to be said, from the least to the most.
 * 1 a level; 2 a change; 3 a change, and the gap to the public at baseline; 4 a difference between arms that people or
 * places came into otherwise than by lot; 5 an effect, because a lot decided.
 */
export type Rung = 1 | 2 | 3 | 4 | 5;

export type ClaimOf = {
  readonly 1: 'level';
  readonly 2: 'change';
  readonly 3: 'change';
  readonly 4: 'adjusted-difference';
  readonly 5: 'effect';
};
export type Claim = ClaimOf[Rung];

export const CLAIM_OF: ClaimOf = { 1: 'level', 2: 'change', 3: 'change', 4: 'adjusted-difference', 5: 'effect' };

/**
 * Departures from the plan that was registered before data were seen. A closed list: free text could claim something.
 * `assignment-compromised` (people or places changed arms, or the lot was drawn again) takes the lot's warrant away.
 */
export const DEVIATIONS = [
  'assignment-compromised',
  'outcome-changed',
  'analysis-changed',
  'sample-smaller-than-planned',
  'wave-added-or-dropped',
  'looked-at-early',
] as const;
export type Deviation = (typeof DEVIATIONS)[number];

/** What limits an estimate, as codes; {@link CAVEAT_SENTENCES} has the words. */
export const CAVEATS = [
  'too-few-pairs',
  'no-variation',
  'too-few-clusters',
  'low-df',
  'high-attrition',
  'attrition-unknown',
  'no-comparison',
  'public-is-no-comparison',
  'not-randomised',
  'parallel-change-untested',
  'one-cluster-an-arm',
  'assignment-compromised',
  'no-baseline',
  'plan-deviations',
] as const;
export type Caveat = (typeof CAVEATS)[number];

export type DesignDescription = {
  /** Waves at which the people of the estimate answered, whole, 1 or more. Two make a before and an after. */
  readonly waves: number;
  /** Waves before anything took place, 1 unless said. With two or more, parallel change can be looked at. */
  readonly wavesBefore?: number;
  /** How people or places came into arms. `none`: there is one group. */
  readonly assignment: 'none' | 'chosen' | 'randomised';
  /** What was assigned. */
  readonly unit: 'person' | 'cluster';
  /** People whose answers the estimate rests on. Where `comparison` is 0 there is nothing to compare with, whatever was planned. */
  readonly people: { readonly treatment: number; readonly comparison: number };
  /** Clusters with answers, where clusters were assigned. */
  readonly clusters?: { readonly treatment: number; readonly comparison: number };
  /** Pairs or strata within which arms were assigned. */
  readonly strata?: number;
  /** A survey of the public stands beside the participants' answers. It is never an arm. */
  readonly populationSurvey?: boolean;
  /** Shares, 0 to 1, of those who answered first and not last. */
  readonly attrition?: { readonly overall: number; readonly treatment?: number; readonly comparison?: number };
  /** What the registered plan said otherwise; left out where no plan was registered. */
  readonly deviations?: readonly Deviation[];
};

/** Beyond these attrition weakens an estimate: overall, and between arms (after the What Works Clearinghouse's cautious boundary). */
export const HIGH_ATTRITION = { overall: 0.2, between: 0.1 } as const;

/**
 * The highest rung that a design reaches.
 *
 * - With nobody in the comparison arm, or with arms that somebody chose and only one wave, the ladder is climbed as if there were one group.
 * - A lot that was compromised, or that put a single cluster into an arm, is worth no more than a choice.
 * - A survey of the public never makes an arm: participants chose to take part (LaLonde 1986, American Economic Review 76(4)).
 *
 * Source: the order follows the levels of evidence of the What Works Clearinghouse, Standards Handbook 4.1.
 * @throws RangeError naming the argument and the rule it breaks
 */
export const rungOf = (design: DesignDescription): Rung => {
  requireDesign(design);
  if (hasArms(design)) {
    if (isDrawnByLot(design)) return 5;
    if (design.waves >= 2) return 4;
  }
  if (design.waves < 2) return 1;
  return design.populationSurvey ? 3 : 2;
};

/** What the design alone limits; what the figures limit is added where they are known. */
export const designCaveats = (design: DesignDescription): readonly Caveat[] => {
  const rung = rungOf(design);
  const { overall, treatment = 0, comparison = 0 } = design.attrition ?? { overall: 0 };
  const uneven = rung >= 4 && Math.abs(treatment - comparison) > HIGH_ATTRITION.between;
  const found: readonly (Caveat | false)[] = [
    design.waves >= 2 && !design.attrition && 'attrition-unknown',
    (overall > HIGH_ATTRITION.overall || uneven) && 'high-attrition',
    !hasArms(design) && 'no-comparison',
    !!design.populationSurvey && rung <= 3 && 'public-is-no-comparison',
    hasArms(design) && design.assignment === 'chosen' && 'not-randomised',
    rung === 4 && (design.wavesBefore ?? 1) < 2 && 'parallel-change-untested',
    design.assignment === 'randomised' && isOneClusterAnArm(design) && 'one-cluster-an-arm',
    !!design.deviations?.includes('assignment-compromised') && 'assignment-compromised',
    design.waves < 2 && 'no-baseline',
    !!design.deviations && design.deviations.length > 0 && 'plan-deviations',
  ];
  return found.filter((caveat) => caveat !== false);
};

const hasArms = ({ assignment, people }: DesignDescription): boolean =>
  assignment !== 'none' && people.comparison > 0 && people.treatment > 0;

const isOneClusterAnArm = ({ unit, clusters, people }: DesignDescription): boolean =>
  unit === 'cluster' && !!clusters && people.comparison > 0 && Math.min(clusters.treatment, clusters.comparison) < 2;

const isDrawnByLot = (design: DesignDescription): boolean =>
  design.assignment === 'randomised' &&
  !isOneClusterAnArm(design) &&
  !design.deviations?.includes('assignment-compromised');

const requireCount = (name: string, value: number, least = 0): void => {
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`${name} must be a whole number of at least ${least}, not ${value}`);
};

const requireShare = (name: string, value: number | undefined): void => {
  if (value !== undefined && !(value >= 0 && value <= 1))
    throw new RangeError(`${name} must be between 0 and 1, not ${value}`);
};

const requireDesign = ({ waves, wavesBefore, unit, people, clusters, strata, attrition, deviations }: DesignDescription): void => {
  requireCount('waves', waves, 1);
  if (wavesBefore !== undefined) requireCount('wavesBefore', wavesBefore);
  requireCount('people.treatment', people.treatment);
  requireCount('people.comparison', people.comparison);
  if (unit === 'cluster' && !clusters)
    throw new RangeError('clusters must be given where clusters were assigned (unit is "cluster")');
  if (clusters) {
    requireCount('clusters.treatment', clusters.treatment);
    requireCount('clusters.comparison', clusters.comparison);
  }
  if (strata !== undefined) requireCount('strata', strata);
  for (const part of ['overall', 'treatment', 'comparison'] as const) requireShare(`attrition.${part}`, attrition?.[part]);
  for (const deviation of deviations ?? [])
    if (!DEVIATIONS.includes(deviation))
      throw new RangeError(`deviations may hold ${DEVIATIONS.join(', ')}, not ${JSON.stringify(deviation)}`);
};
