import { InputType, ObjectType } from '@nestjs/graphql';
import type { evaluation } from '@common-ground/contracts';
import { ArmAssignment, AssignmentUnit, IntervalTest, Tau2Method } from '../graphql/enums.js';
import { COMMAND_ID, CREATED_ID, Id, Moment, moment, Of, OrOf, Real, RealOr, said, Text, TextOr, TextsOr, Whole, WholeOr, YesNo, YesNoOr } from '../graphql/fields.js';
import { Payload } from '../graphql/user-error.js';

@ObjectType({ description: 'A figure with its interval.' })
export class PooledFigure {
  @Real('The estimate.') estimate!: number;
  @Real('Its standard error.') standardError!: number;
  @Real('Lower end of the 95 % interval.') intervalLow!: number;
  @Real('Upper end of the 95 % interval.') intervalHigh!: number;
  @Real('Two-sided.') pValue!: number;
  @RealOr('Degrees of freedom; null where the interval is normal.') df!: number | null;
}

@ObjectType({ description: 'A study in a pool.' })
export class EvidenceStudy {
  @Text('Its name.') study!: string;
  @TextOr('The intervention it is of; null for studies from outside.') interventionId!: string | null;
  @Real('Standard deviations; above 0 is better.') estimate!: number;
  @Real('Sampling variance, clusters counted in.') variance!: number;
  @Real('Lower end of its own 95 % interval.') intervalLow!: number;
  @Real('Upper end.') intervalHigh!: number;
  @Real('Share of the pool, 0 to 1.') weight!: number;
  @RealOr('Drawn to the pool by how precise it is. Lists by size show this, never the raw estimate.') shrunken!: number | null;
}

@ObjectType({ description: 'Where the true value of a new study would lie, by one convention.' })
export class EvidencePrediction {
  @Text('normal, hksj (t with k - 1 degrees of freedom) or riley (t with k - 2).') convention!: string;
  @Real('Lower end; below 0 a new study may do harm.') low!: number;
  @Real('Upper end.') high!: number;
  @RealOr('Degrees of freedom; null where it is normal.') df!: number | null;
}

@ObjectType({ description: 'How much true values vary between studies.' })
export class EvidenceHeterogeneity {
  @Real('Variance between studies.') tau2!: number;
  @Real('Lower end of its interval (Q-profile).') tau2Low!: number;
  @Real('Upper end.') tau2High!: number;
  @Real('Cochran’s Q.') q!: number;
  @Whole('Its degrees of freedom.') qDf!: number;
  @Real('Its p-value.') qPValue!: number;
  @Real('Share of variance that lies between studies, 0 to 1. It is not how much true values vary: that is tau2.') i2!: number;
  @Real('Lower end of its interval.') i2Low!: number;
  @Real('Upper end.') i2High!: number;
  @Real('Total over sampling variance.') h2!: number;
}

@ObjectType({ description: 'What one more of a moderator goes along with.' })
export class EvidenceModerator {
  @Text('Its name.') name!: string;
  @Of(() => PooledFigure, 'Its coefficient.') figure!: PooledFigure;
  @RealOr('p-value by shuffling, with fewer than 20 studies.') permutationPValue!: number | null;
}

@ObjectType({ description: 'Meta-regression. It compares studies, not people within them.' })
export class EvidenceModeration {
  @Of(() => [EvidenceModerator], 'One a moderator.') moderators!: EvidenceModerator[];
  @OrOf(() => PooledFigure, 'Where all moderators are 0.') intercept!: PooledFigure | null;
  @Real('Variance between studies that is left.') residualTau2!: number;
  @RealOr('Share of it that moderators account for, 0 to 1; null where there was none.') r2!: number | null;
  @Real('p-value of all moderators at once.') omnibusPValue!: number;
  @Whole('Studies that have all moderators.') k!: number;
  @YesNo('Fewer than ten studies a moderator: a hint, no more.') fewStudies!: boolean;
  @TextOr('Why there is no regression.') because!: string | null;
}

@ObjectType({ description: 'Studies of one group.' })
export class EvidenceGroup {
  @Text('The group.') group!: string;
  @Whole('Studies in it.') k!: number;
  @Of(() => PooledFigure, 'Its pool.') figure!: PooledFigure;
}

@ObjectType({ description: 'Groups of studies side by side. Only the interaction says that they differ.' })
export class EvidenceGroups {
  @Text('What divides them.') category!: string;
  @Of(() => [EvidenceGroup], 'The groups.') groups!: EvidenceGroup[];
  @Real('p-value that all groups share one value.') interactionPValue!: number;
  @TextOr('Why there are no groups.') because!: string | null;
}

@ObjectType({ description: 'The pool by another estimator.' })
export class EvidenceSensitivity {
  @Text('Estimator of the variance between studies.') tau2Method!: string;
  @Real('Variance between studies.') tau2!: number;
  @Of(() => PooledFigure, 'The pool.') figure!: PooledFigure;
}

@ObjectType({ description: 'Three levels, robust by group: to be read in place of the pool where several effects are of one intervention.' })
export class EvidenceThreeLevel {
  @Of(() => PooledFigure, 'The estimate, with CR2 standard error and Satterthwaite degrees of freedom.') figure!: PooledFigure;
  @Real('Variance between interventions or groups.') varianceBetween!: number;
  @Real('Variance within them.') varianceWithin!: number;
  @Whole('Interventions or groups.') clusters!: number;
}

@ObjectType({ description: 'What studies of one claim say together. Changes are pooled with changes and effects with effects, never one with the other.' })
export class EvidencePool {
  @Text('change, adjusted-difference or effect: what the designs of all its studies allow to claim.') claim!: string;
  @TextOr('How it was pooled; null where it was not.') method!: string | null;
  @Whole('Studies.') k!: number;
  @TextOr('Why there is no pool.') because!: string | null;
  @OrOf(() => PooledFigure, 'The pooled value in standard deviations; above 0 is better.') pooled!: PooledFigure | null;
  @TextOr('The strongest sentence that the designs allow.') sentence!: string | null;
  @Text('Where the whole interval lies: harmful, helpful or open.') side!: string;
  @OrOf(() => EvidenceHeterogeneity, 'How much studies differ.') heterogeneity!: EvidenceHeterogeneity | null;
  @Of(() => [EvidencePrediction], 'What a new study may find, by three conventions that give three answers.') predictions!: EvidencePrediction[];
  @Of(() => [EvidenceStudy], 'Its studies.') studies!: EvidenceStudy[];
  @OrOf(() => EvidenceModeration, 'Where moderators were asked for.') moderation!: EvidenceModeration | null;
  @OrOf(() => EvidenceGroups, 'Where a category was asked for.') groups!: EvidenceGroups | null;
  @Of(() => [EvidenceSensitivity], 'The same pool by other estimators.') sensitivity!: EvidenceSensitivity[];
  @OrOf(() => EvidenceThreeLevel, 'Where several effects are of one intervention or group.') threeLevel!: EvidenceThreeLevel | null;
}

@ObjectType({ description: 'A study that could not be pooled.' })
export class EvidenceLeftOut {
  @Text('Its name.') study!: string;
  @Text('no-standardised-estimate, no-direction or level-only.') because!: string;
}

@ObjectType({ description: 'What studies say together, ours and those from outside.' })
export class EvidenceSynthesis {
  @Of(() => [EvidencePool], 'One a claim.') pools!: EvidencePool[];
  @Of(() => [EvidenceLeftOut], 'What could not be pooled, and why.') leftOut!: EvidenceLeftOut[];
}

@InputType({ description: 'A category and one of its values.' })
export class NamedTextInput {
  @Text('The category.') name!: string;
  @Text('The value.') value!: string;
}

@InputType({ description: 'A moderator and its value.' })
export class NamedNumberInput {
  @Text('The moderator.') name!: string;
  @Real('The value.') value!: number;
}

@InputType({ description: 'Which studies, and what is asked of them.' })
export class EvidenceQuestion {
  @TextsOr('Codes of missions; all in scope when not said.') missions?: string[] | null;
  @TextsOr('Ids of interventions; all in scope when not said.') interventions?: string[] | null;
  @TextsOr('Codes of items; all when not said.') items?: string[] | null;
  @TextsOr('Waves; all when not said.') waves?: string[] | null;
  @YesNoOr('Leaves our own estimates out.') withoutOwn?: boolean | null;
  @YesNoOr('Leaves studies from outside out.') withoutExternal?: boolean | null;
  @OrOf(() => [NamedTextInput], 'Only studies from outside that have all these values.') externalCategories?: NamedTextInput[] | null;
  @OrOf(() => Tau2Method, 'Estimator of the variance between studies; REML when not said.') tau2Method?: string | null;
  @OrOf(() => IntervalTest, 'How the interval is made; HKSJ when not said.') test?: string | null;
  @TextsOr('Moderators, in one regression; year is there for every study from outside.') moderators?: string[] | null;
  @TextOr('Category that divides the studies; origin, mission, item and wave are there for our own.') category?: string | null;
}

@ObjectType({ description: 'A study from outside the platform.' })
export class ExternalStudy {
  @Id('Its id.') id!: string;
  @Text('Its name, one of its kind.') name!: string;
  @TextOr('Where it can be read.') source!: string | null;
  @Whole('Year of publication.') year!: number;
  @Real('Standard deviations; above 0 is better.') estimate!: number;
  @Real('Sampling variance.') variance!: number;
  @Of(() => ArmAssignment, 'How people or places came into arms.') assignment!: string;
  @Moment('When it was recorded.') recordedAt!: Date;
}

@InputType({ description: 'A study from outside. What may be claimed of it follows from its design.' })
export class ExternalStudyInput {
  @Id(CREATED_ID) id!: string;
  @Text('A name that no other study has.') name!: string;
  @TextOr('Where it can be read.') source?: string | null;
  @Whole('Year of publication.') year!: number;
  @Of(() => ArmAssignment, 'How people or places came into arms.') assignment!: string;
  @Of(() => AssignmentUnit, 'What was assigned.') unit!: string;
  @Whole('Waves at which its people answered, 1 or more.') waves!: number;
  @Whole('People in the treatment arm, or in the one group.') nTreatment!: number;
  @WholeOr('People in the comparison arm; none when not said.') nComparison?: number | null;
  @WholeOr('Clusters in the treatment arm, where clusters were assigned.') clustersTreatment?: number | null;
  @WholeOr('Clusters in the comparison arm.') clustersComparison?: number | null;
  @Real('Standard deviations; above 0 is better.') estimate!: number;
  @Real('Sampling variance.') variance!: number;
  @RealOr('Mean people a cluster, where the variance does not know of clusters; with icc.') clusterSize?: number | null;
  @RealOr('Intraclass correlation, 0 to 1; with clusterSize.') icc?: number | null;
  @TextOr('Studies of one group depend on each other.') group?: string | null;
  @OrOf(() => [NamedNumberInput], 'Numbers that meta-regression may ask for.') moderators?: NamedNumberInput[] | null;
  @OrOf(() => [NamedTextInput], 'Categories that may divide studies.') categories?: NamedTextInput[] | null;
}

@InputType({ description: 'Studies from outside, all recorded or none.' })
export class RecordExternalStudiesInput {
  @Id(COMMAND_ID) commandId!: string;
  @Of(() => [ExternalStudyInput], 'Up to 200 studies.') studies!: ExternalStudyInput[];
}

@ObjectType({ description: 'Answer of recordExternalStudies.' })
export class RecordExternalStudiesPayload extends Payload {
  @OrOf(() => [ExternalStudy], 'The studies as recorded.') studies!: ExternalStudy[] | null;
}

export const studyFrom = ({ moderators, categories, ...study }: ExternalStudyInput): evaluation.ExternalStudy => ({
  ...study,
  source: study.source ?? '',
  nComparison: study.nComparison ?? 0,
  clustersTreatment: study.clustersTreatment ?? 0,
  clustersComparison: study.clustersComparison ?? 0,
  clusterSize: study.clusterSize ?? undefined,
  icc: study.icc ?? undefined,
  group: study.group ?? '',
  moderators: (moderators ?? []).map(({ name, value }) => ({ name, value })),
  categories: (categories ?? []).map(({ name, value }) => ({ name, value })),
  recordedAt: undefined,
});

export const externalStudyOf = ({ id, name, source, year, estimate, variance, assignment, recordedAt }: evaluation.ExternalStudy): ExternalStudy => ({ id, name, source: said(source), year, estimate, variance, assignment, recordedAt: moment(recordedAt) });

const figureOf = (figure: evaluation.EvidenceFigure): PooledFigure => ({ ...figure, df: figure.df ?? null });
const figureOr = (figure: evaluation.EvidenceFigure | undefined): PooledFigure | null => (figure ? figureOf(figure) : null);
/** The service gives a figure wherever it gives the thing that the figure is of. */
const withFigure = <T extends { figure: evaluation.EvidenceFigure | undefined }>(rows: readonly T[]): (Omit<T, 'figure'> & { figure: PooledFigure })[] =>
  rows.flatMap((row) => (row.figure ? [{ ...row, figure: figureOf(row.figure) }] : []));

const poolOf = (pool: evaluation.EvidencePool): EvidencePool => ({
  claim: pool.claim,
  k: pool.k,
  side: pool.side,
  method: said(pool.method),
  because: said(pool.because),
  sentence: said(pool.sentence),
  pooled: figureOr(pool.pooled),
  heterogeneity: pool.heterogeneity ?? null,
  predictions: pool.predictions.map((one) => ({ ...one, df: one.df ?? null })),
  studies: pool.studies.map((one) => ({ ...one, interventionId: said(one.interventionId), shrunken: one.shrunken ?? null })),
  sensitivity: withFigure(pool.sensitivity),
  threeLevel: (pool.threeLevel && withFigure([pool.threeLevel])[0]) ?? null,
  groups: pool.groups ? { ...pool.groups, groups: withFigure(pool.groups.groups), because: said(pool.groups.because) } : null,
  moderation: pool.moderation
    ? {
        ...pool.moderation,
        moderators: withFigure(pool.moderation.moderators).map((one) => ({ ...one, permutationPValue: one.permutationPValue ?? null })),
        intercept: figureOr(pool.moderation.intercept),
        r2: pool.moderation.r2 ?? null,
        because: said(pool.moderation.because),
      }
    : null,
});

export const synthesisOf = ({ pools, leftOut }: evaluation.SynthesiseEvidenceResponse): EvidenceSynthesis => ({ pools: pools.map(poolOf), leftOut });
