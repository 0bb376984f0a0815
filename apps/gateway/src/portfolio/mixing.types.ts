import { ObjectType } from '@nestjs/graphql';
import { Of, OrOf, RealOr, Text, Whole, YesNo } from '../graphql/fields.js';

@ObjectType({ description: 'How many roles, such as leader or notetaker, people of a side had at held activities.' })
export class SideRoles {
  @Text('The side.') side!: string;
  @RealOr('Its share of the people who led, 0 to 1; null when nobody led.') leadShare!: number | null;
  @RealOr('Its share of all roles, 0 to 1; null when there were none.') roleShare!: number | null;
  @RealOr('Its share of the people who could have had them, 0 to 1.') peopleShare!: number | null;
}

@ObjectType({ description: 'Mixing over a time: groups as they were, beside what chance gives for the same people and sizes.' })
export class MixingFigures {
  @Whole('Held activities with groups in which people of two sides could have mixed.') activities!: number;
  @Whole('Their groups.') groups!: number;
  @RealOr('Mixing index: pairs of different sides who sat together, over what random groups would give. 1 is chance; below, sides kept apart. Null when withheld or there is none.') mixingIndex!: number | null;
  @RealOr('Share of groups of one side only.') oneSidedShare!: number | null;
  @RealOr('The same in random groups.') oneSidedByChance!: number | null;
  @RealOr('Share of groups in which somebody was the only one of their side.') loneMemberShare!: number | null;
  @RealOr('The same in random groups.') loneMemberByChance!: number | null;
  @RealOr('Coverage: of the pairs of different sides that could have met, the share that did, 0 to 1.') coverage!: number | null;
  @Of(() => [SideRoles], 'Who had roles, by side; empty when withheld or none were assigned.') roles!: SideRoles[];
  @YesNo('Too few people of a side to tell anything.') withheld!: boolean;
}

@ObjectType({ description: 'Mixing in one calendar month; coverage is of people who were there in it.' })
export class MonthMixing {
  @Text('YYYY-MM, in the mission’s time zone.') month!: string;
  @Of(() => MixingFigures, 'The figures.') figures!: MixingFigures;
}

@ObjectType({ description: 'How far people of different sides really were together, as attended; never as planned or as reported.' })
export class PortfolioMixing {
  @OrOf(() => MixingFigures, 'Over the whole time; coverage is of everyone enrolled. Null while there are no groups.') whole!: MixingFigures | null;
  @Of(() => [MonthMixing], 'By month.') months!: MonthMixing[];
}
