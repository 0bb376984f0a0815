import { InputType, ObjectType } from '@nestjs/graphql';
import type { operations } from '@common-ground/contracts';
import { OperatorAct, ParkedState, ParkedVerdict, ReplayState } from '../graphql/enums.js';
import { COMMAND_ID, Id, Moment, moment, MomentOr, momentOr, Of, OrOf, Real, RealOr, said, Text, TextOr, Texts, Whole, WholeOr, YesNo } from '../graphql/fields.js';
import { Payload } from '../graphql/user-error.js';

@ObjectType({ description: 'How far one consumer of facts is behind.' })
export class ConsumerLag {
  @Text('Its name.') consumer!: string;
  @Texts('What it reads.') topics!: readonly string[];
  @WholeOr('Facts that it has not applied yet; null while the log does not answer.') facts!: number | null;
  @RealOr('The age in seconds of the oldest of them; null while the log does not answer.') seconds!: number | null;
  @Whole('Facts that wait for an operator.') parkedFacts!: number;
  @Whole('Keys that wait for an operator.') parkedKeys!: number;
  @Whole('Facts that came again and were skipped, since its service was started.') redeliveries!: number;
  @YesNo('Whether it folds a new model that nobody reads yet.') rebuilding!: boolean;
}

@ObjectType({ description: 'How far one service is behind.' })
export class ServiceLag {
  @Text('Its name.') service!: string;
  @Whole('Facts of its own that the log does not have yet.') unpublished!: number;
  @Real('The age in seconds of the oldest of them.') oldestUnpublishedSeconds!: number;
  @Of(() => [ConsumerLag], 'Its consumers.') consumers!: readonly ConsumerLag[];
}

const AWAY = 'Services that did not answer.';

@ObjectType({ description: 'How far everything is behind.' })
export class MessagingLag {
  @Of(() => [ServiceLag], 'The services that answered.') services!: readonly ServiceLag[];
  @Texts(AWAY) away!: readonly string[];
}

@ObjectType({ description: 'A fact that could not be handled, or that waits behind one.' })
export class ParkedFact {
  @Id('Its service and a number, as scheduling:42.') id!: string;
  @Text('Who should have handled it.') consumer!: string;
  @TextOr('Facts of one key stay in order; null when it is no fact of ours.') key!: string | null;
  @Of(() => ParkedVerdict, 'Why it is parked.') verdict!: string;
  @Text('In the words of what failed.') reason!: string;
  @Whole('How often it was tried.') attempts!: number;
  @Moment('When it was parked.') parkedAt!: Date;
  @TextOr('The fact’s own id.') factId!: string | null;
  @TextOr('What it tells.') type!: string | null;
  @Text('Where it lies in the log: topic/partition/position.') position!: string;
}

@ObjectType({ description: 'A page of parked facts, oldest first within a service.' })
export class ParkedFactPage {
  @Of(() => [ParkedFact], 'The facts of this page.') facts!: readonly ParkedFact[];
  @Whole('How many there are on all pages, in the services that answered.') totalCount!: number;
  @YesNo('Whether there is more.') hasNextPage!: boolean;
  @Texts(AWAY) away!: readonly string[];
}

@ObjectType({ description: 'Something that an operator did, or that came of it. It cannot be altered.' })
export class OperatorAction {
  @Moment('When.') at!: Date;
  @Text('Who: the id that the OpenID provider knows them by.') actor!: string;
  @Of(() => OperatorAct, 'What.') action!: string;
  @Text('Why, in the operator’s words; of what failed, why it did.') reason!: string;
}

@ObjectType({ description: 'A header of a message.' })
export class FactHeader {
  @Text('Its name.') name!: string;
  @Text('Its value, when it is a header of ours.') value!: string;
}

@ObjectType({ description: 'Everything about a fact that is or was parked.' })
export class ParkedFactDetails {
  @Id('Its service and a number.') id!: string;
  @Of(() => ParkedState, 'What became of it.') state!: string;
  @OrOf(() => ParkedFact, 'Null once it is parked no more.') fact!: ParkedFact | null;
  @Of(() => [FactHeader], 'What it says about itself.') headers!: readonly FactHeader[];
  @TextOr('What it tells, as JSON: codes and counts. Null when it cannot be read.') content!: string | null;
  @Whole('Bytes of its content.') bytes!: number;
  @Of(() => [OperatorAction], 'What was done about it, oldest first.') history!: readonly OperatorAction[];
}

@ObjectType({ description: 'What letting a key go came to. While facts are left and none failed, the same command sent again goes on.' })
export class KeyRelease {
  @Text('Who held it back.') consumer!: string;
  @TextOr('The key; null for a message without one.') key!: string | null;
  @Whole('Facts applied by this command, however often it was sent.') applied!: number;
  @Whole('Facts of the key that are parked still.') left!: number;
  @OrOf(() => String, 'The fact that failed again.') heldBy!: string | null;
  @TextOr('Why it failed.') heldByReason!: string | null;
}

@ObjectType({ description: 'A consumer gets once more what lies in the log.' })
export class ConsumerReplay {
  @Id('The command that began it.') commandId!: string;
  @Text('Who gets it.') consumer!: string;
  @Text('Where it started.') from!: string;
  @Of(() => ReplayState, 'How far it has come.') state!: string;
  @Whole('Facts read.') read!: number;
  @Whole('Facts that had been missed and were applied.') applied!: number;
  @Whole('Facts that had been applied before and were skipped.') skipped!: number;
  @Whole('Facts that the consumer does not want.') ignored!: number;
  @Whole('Facts that were parked.') parked!: number;
  @TextOr('Why it failed.') why!: string | null;
  @Text('Who began it.') actor!: string;
  @Moment('When it began.') begunAt!: Date;
  @MomentOr('When it ended.') endedAt!: Date | null;
}

const REASON = 'Why; it stays in the audit.';

@InputType({ description: 'Tries a parked fact again, with those of its key that were parked before it.' })
export class RetryParkedFactInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Its service and a number, as scheduling:42.') id!: string;
  @TextOr(REASON) reason?: string | null;
}

@InputType({ description: 'Tries the parked facts of a key again, in order.' })
export class RetryParkedKeyInput {
  @Id(COMMAND_ID) commandId!: string;
  @Text('The id of an intervention, or the code of a mission.') key!: string;
  @TextOr('Only of this consumer; else of all that hold the key back.') consumer?: string | null;
  @TextOr(REASON) reason?: string | null;
}

@InputType({ description: 'Gives a parked fact up for good.' })
export class DiscardParkedFactInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Its service and a number, as scheduling:42.') id!: string;
  @Text(REASON) reason!: string;
}

@InputType({ description: 'Hands a consumer once more what lies in the log.' })
export class ReplayConsumerInput {
  @Id(COMMAND_ID) commandId!: string;
  @Text('The consumer’s name.') consumer!: string;
  @Text('beginning, a moment as 2026-03-14T18:30:00Z, or positions as topic/partition/position with commas between.') from!: string;
  @TextOr(REASON) reason?: string | null;
}

@ObjectType({ description: 'Answer of retryParkedFact.' })
export class RetryParkedFactPayload extends Payload {
  @OrOf(() => ParkedState, 'What became of the fact.') state!: string | null;
  @OrOf(() => KeyRelease, 'What became of its key.') release!: KeyRelease | null;
}

@ObjectType({ description: 'Answer of retryParkedKey.' })
export class RetryParkedKeyPayload extends Payload {
  @OrOf(() => [KeyRelease], 'For each consumer that held the key back.') releases!: readonly KeyRelease[] | null;
  @OrOf(() => [String], AWAY) away!: readonly string[] | null;
}

@ObjectType({ description: 'Answer of discardParkedFact.' })
export class DiscardParkedFactPayload extends Payload {
  @OrOf(() => OperatorAction, 'Who gave it up, when and why: whoever did so first.') discarded!: OperatorAction | null;
  @OrOf(() => KeyRelease, 'What became of the facts that waited behind it.') release!: KeyRelease | null;
}

@ObjectType({ description: 'Answer of replayConsumer.' })
export class ReplayConsumerPayload extends Payload {
  @OrOf(() => ConsumerReplay, 'The replay that was begun.') replay!: ConsumerReplay | null;
}

export const serviceLagOf = ({ consumers, ...lag }: operations.GetLagResponse): ServiceLag => ({ ...lag, consumers: consumers.map(({ facts, seconds, ...rest }) => ({ ...rest, facts: facts ?? null, seconds: seconds ?? null })) });

export const parkedFactOf = (fact: operations.ParkedFact): ParkedFact => ({ ...fact, key: said(fact.key), parkedAt: moment(fact.parkedAt), factId: said(fact.factId), type: said(fact.type) });

export const actionOf = (action: operations.OperatorAction): OperatorAction => ({ ...action, at: moment(action.at) });

export const detailsOf = ({ fact, headers, content, history, ...rest }: operations.GetParkedFactResponse): ParkedFactDetails => ({
  ...rest,
  fact: fact ? parkedFactOf(fact) : null,
  headers: Object.entries(headers).map(([name, value]) => ({ name, value })),
  content: said(content),
  history: history.map(actionOf),
});

export const releaseOf = (release: operations.Release): KeyRelease => ({ ...release, key: said(release.key), heldBy: said(release.heldBy), heldByReason: said(release.heldByReason) });

export const replayOf = (replay: operations.Replay): ConsumerReplay => ({ ...replay, why: said(replay.why), begunAt: moment(replay.begunAt), endedAt: momentOr(replay.endedAt) });
