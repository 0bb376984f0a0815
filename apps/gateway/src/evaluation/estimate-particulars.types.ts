import { ObjectType } from '@nestjs/graphql';
import type { evaluation } from '@common-ground/contracts';
import { RealOr, said, Text, TextOr, Texts, Whole, WholeOr } from '../graphql/fields.js';

/** What stands beside an estimate's figures, the same wherever an estimate is shown. */
@ObjectType({ isAbstract: true })
export abstract class EstimateParticulars {
  @WholeOr('Where on the ladder of claims the design puts it: 1 a level, 2 a change, 3 a change beside a survey of the public, 4 a difference of arms that were not drawn by lot, 5 an effect; null when it was made before there were rungs.') rung!: number | null;
  @Text('The strongest sentence that the design allows.') sentence!: string;
  @Texts('The caveats in words, in the same order.') caveatSentences!: string[];
  @RealOr('Two-sided p-value of the difference; null below 4 degrees of freedom.') pValue!: number | null;
  @RealOr('The p-value adjusted within the primary outcomes of the wave, or within its others.') adjustedPValue!: number | null;
  @TextOr('How it was adjusted: holm (primary outcomes) or benjamini-hochberg (others).') adjustment!: string | null;
  @RealOr('How often the lot would have given as large a difference if nothing had been done to anybody, two-sided; null where arms were not drawn by lot.') randomisationPValue!: number | null;
  @TextOr('randomisation-exact (every outcome of the lot) or randomisation-monte-carlo (drawn ones).') randomisationMethod!: string | null;
  @Whole('Outcomes of the lot that were tried.') randomisationAssignments!: number;
  @RealOr('The estimate in standard deviations.') standardised!: number | null;
  @TextOr('What it was divided by: d-ppc2 (changes of arms, by the spread at baseline), ancova-d (the same, adjusted for baseline), g (at the wave), smcr (one group, by the spread at baseline).') standardisedMeasure!: string | null;
  @RealOr('Its standard error, clusters respected.') standardisedError!: number | null;
  @RealOr('Lower end of its 95 % interval.') standardisedLow!: number | null;
  @RealOr('Upper end of its 95 % interval.') standardisedHigh!: number | null;
  @RealOr('The smallest effect that so many people, so assigned, show with 80 % power, in standard deviations.') minimalDetectable!: number | null;
  @TextOr('The other way to the same question: difference in differences beside ANCOVA, or the other way round.') besideMethod!: string | null;
  @RealOr('What it gives.') besideDifference!: number | null;
  @RealOr('Its standard error.') besideStandardError!: number | null;
  @RealOr('Its degrees of freedom.') besideDf!: number | null;
  @RealOr('Lower end of its 95 % interval.') besideLow!: number | null;
  @RealOr('Upper end of its 95 % interval.') besideHigh!: number | null;
  @Whole('Clusters of the comparison arm.') clustersComparison!: number;
  @Whole('Clusters of the treatment arm.') clustersTreatment!: number;
}

const FIGURES = ['pValue', 'adjustedPValue', 'randomisationPValue', 'standardised', 'standardisedError', 'standardisedLow', 'standardisedHigh', 'minimalDetectable', 'besideDifference', 'besideStandardError', 'besideDf', 'besideLow', 'besideHigh'] as const;

type Told = Partial<Pick<evaluation.Estimate, keyof EstimateParticulars>>;

/**
 * @param told - as evaluation said it; parts that an older version did not say are null or 0
 * @param withheld - figures would tell of too few people
 */
export const particularsOf = (told: Told, withheld = false): EstimateParticulars => ({
  ...(Object.fromEntries(FIGURES.map((name) => [name, withheld ? null : (told[name] ?? null)])) as Pick<EstimateParticulars, (typeof FIGURES)[number]>),
  rung: told.rung || null,
  sentence: told.sentence ?? '',
  caveatSentences: told.caveatSentences ?? [],
  adjustment: said(told.adjustment ?? ''),
  randomisationMethod: said(told.randomisationMethod ?? ''),
  randomisationAssignments: told.randomisationAssignments ?? 0,
  standardisedMeasure: said(told.standardisedMeasure ?? ''),
  besideMethod: said(told.besideMethod ?? ''),
  clustersComparison: told.clustersComparison ?? 0,
  clustersTreatment: told.clustersTreatment ?? 0,
});
