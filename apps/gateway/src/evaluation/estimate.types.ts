import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { evaluation } from '@common-ground/contracts';
import { HigherIs } from '../graphql/enums.js';
import { EstimateParticulars, particularsOf } from './estimate-particulars.types.js';
import { Moment, moment, Of, Real, RealOr, Text, Texts, Whole, YesNo } from '../graphql/fields.js';

@ObjectType({ description: 'What changed in one item between baseline and a later wave, on the item’s scale from 0 to 1.' })
export class Estimate extends EstimateParticulars {
  @Field(() => ID, { description: 'The intervention.' }) interventionId!: string;
  @Field(() => ID, { description: 'The instrument.' }) instrumentId!: string;
  @Text('The item’s code.') item!: string;
  @Text('The wave that is compared with baseline.') wave!: string;
  @Text('How it was computed.') method!: string;
  @Text('level, change, adjusted-difference or effect: what may be claimed, decided by the design.') claim!: string;
  @Whole('People who answered in both waves.') n!: number;
  @Whole('Those of the comparison arm.') nComparison!: number;
  @Whole('Those of the treatment arm.') nTreatment!: number;
  @Whole('Units of assignment among them.') clusters!: number;
  @Whole('Answers to the item at baseline.') answeredBaseline!: number;
  @Whole('Answers to the item in the wave.') answeredWave!: number;
  @Real('Share of those who answered at baseline and not in the wave.') attrition!: number;
  @Real('The same, in the comparison arm.') attritionComparison!: number;
  @Real('The same, in the treatment arm.') attritionTreatment!: number;
  @RealOr('Mean change in the comparison arm.') changeComparison!: number | null;
  @RealOr('Mean change in the treatment arm.') changeTreatment!: number | null;
  @RealOr('Treatment minus comparison, or the one group’s change or level.') difference!: number | null;
  @RealOr('Standard error of the difference.') standardError!: number | null;
  @RealOr('Degrees of freedom.') df!: number | null;
  @RealOr('Lower end of the 95 % interval.') intervalLow!: number | null;
  @RealOr('Upper end of the 95 % interval.') intervalHigh!: number | null;
  @Of(() => HigherIs, 'What a higher answer means.') higherIs!: string;
  @YesNo('Whether the whole interval lies on the harmful side of zero.') harmful!: boolean;
  @Texts('Why there is no estimate, or what weakens it, as codes.') caveats!: string[];
  @Moment('When it was computed.') estimatedAt!: Date;
  @Whole('Counts up with every new estimate of the same item and wave.') revision!: number;
  @YesNo('Whether the item was declared beforehand as what counts.') primary!: boolean;
}

export const estimateOf = (row: evaluation.Estimate): Estimate => ({
  ...row,
  ...particularsOf(row),
  changeComparison: row.changeComparison ?? null,
  changeTreatment: row.changeTreatment ?? null,
  difference: row.difference ?? null,
  standardError: row.standardError ?? null,
  df: row.df ?? null,
  intervalLow: row.intervalLow ?? null,
  intervalHigh: row.intervalHigh ?? null,
  estimatedAt: moment(row.estimatedAt),
});
