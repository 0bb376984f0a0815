import { Field, Float, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { EstimateParticulars } from '../evaluation/estimate-particulars.types.js';
import { HigherIs, InterventionDesign, InterventionKind, Modality, RiskRuleCode } from '../graphql/enums.js';
import { Id, MomentOr, Of, OrOf, RealOr, Text, TextOr, Texts, TextsOr, Whole, WholeOr, YesNo, YesNoOr, Day } from '../graphql/fields.js';
import { PageInfo } from '../graphql/page.js';
import { PortfolioMixing } from './mixing.types.js';

@ObjectType({ description: 'A number of people. Small numbers, and whatever would give them away, are withheld; nobody is told as 0.' })
export class PeopleCount {
  @WholeOr('How many; null when withheld.') value!: number | null;
  @YesNo('Whether the number is too small to be told, or would give one away.') withheld!: boolean;
  @Whole('What may be told of it: the numbers below it that are told, added up. The number itself where it is not withheld.') atLeast!: number;
}

@ObjectType({ description: 'Activities by what became of them.' })
export class PortfolioActivities {
  @Whole('All that were ever planned and not cancelled.') planned!: number;
  @Whole('Took place and were recorded.') held!: number;
  @Whole('Their time has passed and nobody said what became of them.') unrecorded!: number;
  @Whole('Did not take place, with a reason.') didNotHappen!: number;
  @Whole('Called off beforehand.') cancelled!: number;
}

@ObjectType({ description: 'People of one side.' })
export class SideReach {
  @Text('The side, e.g. migrant or host.') side!: string;
  @Of(() => PeopleCount, 'Enrolled at any time, in whatever arm.') enrolled!: PeopleCount;
  @Of(() => PeopleCount, 'Present at one held activity at least; each person once.') reached!: PeopleCount;
}

@ObjectType({ description: 'How many people were enrolled and reached.' })
export class PortfolioReach {
  @Of(() => [SideReach], 'By side; a side that was expected and has nobody stands here with 0.') bySide!: SideReach[];
  @Of(() => PeopleCount, 'All sides.') enrolled!: PeopleCount;
  @Of(() => PeopleCount, 'All sides.') reached!: PeopleCount;
}

@ObjectType({ description: 'How steadily people met.' })
export class Regularity {
  @RealOr('Held activities a week, between the first and the last.') heldPerWeek!: number | null;
  @RealOr('Mean days from one held activity to the next.') meanDaysBetween!: number | null;
  @RealOr('Held, among those held, unrecorded and that did not happen; 0 to 1.') keptShare!: number | null;
}

@ObjectType({ description: 'A contact condition as facilitators observed it.' })
export class ObservedCondition {
  @RealOr('Mean over held activities at which it was observed, 1 to 5; null when it never was.') mean!: number | null;
  @Whole('Activities at which it was observed.') activities!: number;
}

@ObjectType({ description: 'The four contact conditions as observed.' })
export class ObservedConditions {
  @Of(() => ObservedCondition, 'Both sides counted the same.') equalStatus!: ObservedCondition;
  @Of(() => ObservedCondition, 'They worked towards one thing.') commonGoal!: ObservedCondition;
  @Of(() => ObservedCondition, 'They needed one another for it.') cooperation!: ObservedCondition;
  @Of(() => ObservedCondition, 'Those in charge stood behind it.') supportOfAuthorities!: ObservedCondition;
}

@ObjectType({ description: 'Answers to the surveys of one wave.' })
export class WaveResponses {
  @Text('baseline, post, 6-months, 12-months or the mission’s own.') wave!: string;
  @Of(() => PeopleCount, 'People who answered.') respondents!: PeopleCount;
  @WholeOr('Answers they gave; null when the respondents are withheld.') answers!: number | null;
}

@ObjectType({ description: 'An estimate of an outcome, on the item’s 0 to 1 scale, the later wave minus baseline.' })
export class PortfolioEstimate extends EstimateParticulars {
  @Id('The instrument.') instrumentId!: string;
  @Text('The item.') item!: string;
  @Text('The wave that is compared with baseline.') wave!: string;
  @Text('How it was computed.') method!: string;
  @Text('What the design allows to claim: level, change, adjusted-difference or effect.') claim!: string;
  @WholeOr('People with both waves; null when withheld.') n!: number | null;
  @WholeOr('Of them in the comparison arm; null when withheld or there are no arms.') nComparison!: number | null;
  @WholeOr('Of them in the treatment arm; null when withheld or there are no arms.') nTreatment!: number | null;
  @Whole('Clusters of assignment that the interval respects; 0 when people were assigned one by one.') clusters!: number;
  @RealOr('Share of those who answered at baseline and not at the wave, 0 to 1.') attrition!: number | null;
  @RealOr('Mean change in the comparison arm.') changeComparison!: number | null;
  @RealOr('Mean change in the treatment arm.') changeTreatment!: number | null;
  @RealOr('Treatment minus comparison; the one group’s change when there are no arms.') difference!: number | null;
  @RealOr('Its standard error.') standardError!: number | null;
  @RealOr('Degrees of freedom (Satterthwaite).') df!: number | null;
  @RealOr('Lower end of the 95 % interval.') intervalLow!: number | null;
  @RealOr('Upper end of the 95 % interval.') intervalHigh!: number | null;
  @Of(() => HigherIs, 'What a higher answer means.') higherIs!: string;
  @YesNo('The whole interval lies on the harmful side of zero.') harmful!: boolean;
  @YesNo('Too few people to tell anything.') withheld!: boolean;
  @Texts('What weakens it or why there is none, as codes.') caveats!: string[];
  @MomentOr('When it was computed.') estimatedAt!: Date | null;
}

@ObjectType({ description: 'Unanswered and unfinished risk flags of one rule.' })
export class RuleFlags {
  @Of(() => RiskRuleCode, 'The rule.') rule!: string;
  @Whole('Flags that are open, acknowledged or being mitigated.') flags!: number;
  @Whole('The highest severity among them, 1 to 25.') severity!: number;
}

@ObjectType({ description: 'Risk flags that are not closed.' })
export class OpenFlags {
  @Whole('How many.') total!: number;
  @Of(() => [RuleFlags], 'By rule; flags of a rule that this gateway is too old to name stand in the total alone.') byRule!: RuleFlags[];
}

@ObjectType({ description: 'Activities of one calendar month.' })
export class PortfolioMonth {
  @Text('YYYY-MM, in the mission’s time zone.') month!: string;
  @Whole('Planned and not cancelled.') planned!: number;
  @Whole('Held.') held!: number;
  @Whole('Unrecorded.') unrecorded!: number;
}

@ObjectType({ description: 'One intervention, in figures; never a person.' })
export class PortfolioRow {
  @Id('The intervention.') interventionId!: string;
  @Text('Code of the mission.') mission!: string;
  @Text('Name of the mission.') missionName!: string;
  @Text('The intervention’s code.') code!: string;
  @Text('The intervention’s title.') title!: string;
  @Of(() => InterventionKind, 'What people do together.') kind!: string;
  @Of(() => [Modality], 'How they meet.') modalities!: string[];
  @Of(() => InterventionDesign, 'What outcomes can be compared with.') design!: string;
  @Day('First day.') startsOn!: string;
  @Day('Last day.') endsOn!: string;
  @Of(() => PortfolioActivities, 'Activities, within the months asked for.') activities!: PortfolioActivities;
  @Of(() => PortfolioReach, 'People by side, over the whole intervention.') reach!: PortfolioReach;
  @Of(() => Regularity, 'How steadily people met, within the months asked for.') regularity!: Regularity;
  @Of(() => ObservedConditions, 'Contact as it was, within the months asked for.') conditions!: ObservedConditions;
  @Of(() => PortfolioMixing, 'How far people of different sides really were together, in groups as they were. Over the whole time, whatever months are asked for.') mixing!: PortfolioMixing;
  @Of(() => [WaveResponses], 'Answers by wave.') responsesByWave!: WaveResponses[];
  @Of(() => [PortfolioEstimate], 'Outcomes, one an item and later wave.') estimates!: PortfolioEstimate[];
  @Of(() => OpenFlags, 'Risks nobody has closed.') openFlags!: OpenFlags;
  @Of(() => [PortfolioMonth], 'Activities by month.') months!: PortfolioMonth[];
}

@ObjectType({ description: 'All rows that the filter lets through, added up.' })
export class PortfolioTotals {
  @Whole('Missions.') missions!: number;
  @Whole('Interventions.') interventions!: number;
  @Of(() => PortfolioActivities, 'Activities.') activities!: PortfolioActivities;
  @Of(() => PortfolioReach, 'People by side; someone enrolled in two interventions counts twice, for nobody is known across them. Adds up what is told of each intervention.') reach!: PortfolioReach;
  @Whole('Risk flags that are not closed.') openFlags!: number;
  @Whole('Estimates whose whole interval lies on the harmful side.') harmfulEstimates!: number;
}

@ObjectType({ description: 'A mission: its interventions that the filter lets through, added up.' })
export class PortfolioMission {
  @Text('Its code.') mission!: string;
  @Text('Its name.') name!: string;
  @Whole('Interventions.') interventions!: number;
  @Of(() => PortfolioActivities, 'Activities, within the months asked for.') activities!: PortfolioActivities;
  @Of(() => PortfolioReach, 'People by side; someone enrolled in two interventions counts twice. Adds up what is told of each.') reach!: PortfolioReach;
  @Of(() => ObservedConditions, 'Contact as it was, within the months asked for.') conditions!: ObservedConditions;
  @Whole('Risk flags that are not closed.') openFlags!: number;
  @Whole('Estimates whose whole interval lies on the harmful side.') harmfulEstimates!: number;
}

@ObjectType({ description: 'One of the interventions in the portfolio.' })
export class PortfolioEdge {
  @Of(() => PortfolioRow, 'The intervention.') node!: PortfolioRow;
  @TextOr('Where it stands in the list.') cursor!: string;
}

@ObjectType({ description: 'Headquarters’ view over all missions: a page of interventions, and totals over all pages.' })
export class PortfolioConnection {
  @Of(() => [PortfolioEdge], 'The interventions of this page.') edges!: PortfolioEdge[];
  @Of(() => PageInfo, 'Where the page stopped.') pageInfo!: PageInfo;
  @Whole('Interventions on all pages.') totalCount!: number;
  @Of(() => [PortfolioMission], 'The missions of all pages, by code.') missions!: PortfolioMission[];
  @Of(() => PortfolioTotals, 'All that the filter lets through, added up.') totals!: PortfolioTotals;
}

@InputType({ description: 'Which interventions, and which months of their activities.' })
export class PortfolioFilter {
  @TextsOr('Codes of missions; all in scope when not said.') missions?: string[] | null;
  @OrOf(() => [InterventionKind], 'Kinds; all when not said.') kinds?: string[] | null;
  @OrOf(() => [String], 'Ids of interventions; all when not said.') interventions?: string[] | null;
  @TextOr('First month, YYYY-MM.') fromMonth?: string | null;
  @TextOr('Last month, YYYY-MM, not before the first.') untilMonth?: string | null;
}

export const PortfolioSortField = { MISSION: 'MISSION', CODE: 'CODE', STARTS_ON: 'STARTS_ON', HELD: 'HELD', UNRECORDED: 'UNRECORDED', OPEN_FLAGS: 'OPEN_FLAGS' } as const;
registerEnumType(PortfolioSortField, {
  name: 'PortfolioSortField',
  description: 'What the portfolio can be sorted by.',
  valuesMap: {
    MISSION: { description: 'The mission’s code.' },
    CODE: { description: 'The intervention’s code.' },
    STARTS_ON: { description: 'The first day.' },
    HELD: { description: 'Activities held.' },
    UNRECORDED: { description: 'Activities nobody has recorded.' },
    OPEN_FLAGS: { description: 'Risks nobody has closed.' },
  },
});

@InputType({ description: 'One sort order; the first counts most.' })
export class PortfolioSort {
  @Field(() => PortfolioSortField, { description: 'By what.' }) field!: keyof typeof PortfolioSortField;
  @YesNoOr('Largest first.') descending?: boolean | null;
}

@ObjectType({ description: 'A rebuild of the portfolio: a new model folded from the first fact beside the one that is read.' })
export class PortfolioRebuild {
  @Field(() => Int, { description: 'The model’s number.' }) model!: number;
  @Text('none, building, swapped or failed.') state!: string;
  @Field(() => Float, { description: 'Facts still to fold.' }) behind!: number;
  @TextOr('Why it waits or failed.') why!: string | null;
}

