import { InputType, ObjectType } from '@nestjs/graphql';
import type { evaluation } from '@common-ground/contracts';
import { HigherIs } from '../graphql/enums.js';
import { COMMAND_ID, CREATED_ID, Id, Moment, moment, Of, OrOf, Real, said, Text, TextOr, TextsOr, Whole, YesNo, YesNoOr } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { payloadOf } from '../graphql/user-error.js';

@ObjectType({ description: 'One question of an instrument.' })
export class Item {
  @Text('Its code, one of its kind within the instrument.') code!: string;
  @Text('The question.') text!: string;
  @TextOr('How it is answered, e.g. agreement 1-5.') scale!: string | null;
  @Real('The lowest answer.') minimum!: number;
  @Real('The highest answer.') maximum!: number;
  @Of(() => HigherIs, 'What a higher answer means.') higherIs!: string;
  @YesNo('Whether it was declared beforehand as what counts.') primary!: boolean;
}

@ObjectType({ description: 'A questionnaire of a version.' })
export class Instrument {
  @Id('Its id.') id!: string;
  @Text('Code of the mission that published it.') mission!: string;
  @Text('Its code.') code!: string;
  @Text('Its title.') title!: string;
  @Whole('Counts the versions under this code.') version!: number;
  @Of(() => [Item], 'Its questions.') items!: Item[];
  @Moment('When it was published.') publishedAt!: Date;
}

export const instrumentOf = (row: evaluation.Instrument): Instrument => ({ ...row, publishedAt: moment(row.publishedAt), items: row.items.map((item) => ({ ...item, scale: said(item.scale) })) });

export const InstrumentConnection = connectionOf(Instrument, 'Instrument', 'instruments');
export const PublishInstrumentPayload = payloadOf('PublishInstrumentPayload', Instrument, 'instrument', 'The instrument as published.');

@InputType({ description: 'Which instruments.' })
export class InstrumentFilter {
  @TextsOr('Codes of missions; all in scope when not said.') missions?: string[] | null;
  @TextsOr('Exact codes; all when not said.') codes?: string[] | null;
}

@InputType({ description: 'A question.' })
export class ItemInput {
  @Text('A code, new within the instrument.') code!: string;
  @Text('The question.') text!: string;
  @TextOr('How it is answered, e.g. agreement 1-5.') scale?: string | null;
  @Real('The lowest answer.') minimum!: number;
  @Real('The highest answer, above the lowest.') maximum!: number;
  @Of(() => HigherIs, 'What a higher answer means.') higherIs!: string;
  @YesNoOr('Whether it is declared as what counts.') primary?: boolean | null;
}

@InputType({ description: 'A questionnaire; another one under the same code is its next version.' })
export class PublishInstrumentInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id(CREATED_ID) id!: string;
  @Text('Code of the mission.') mission!: string;
  @Text('Its code.') code!: string;
  @Text('Its title.') title!: string;
  @OrOf(() => [ItemInput], 'Its questions, one at least.') items?: ItemInput[] | null;
}
