import { isMissionCode, isUuid } from '@common-ground/kernel';
import * as evaluation from './evaluation.js';
import * as registry from './registry.js';
import * as risk from './risk.js';
import * as scheduling from './scheduling.js';

/** How one type of fact is written and read. `encode` gives protobuf bytes; `decode` throws on bytes that are none. */
export type FactCodec<T> = {
  readonly type: string;
  readonly topic: string;
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
};

type Message<T> = {
  encode(value: T): { finish(): Uint8Array };
  decode(bytes: Uint8Array): T;
};

export const TOPICS = {
  registry: 'commonground.registry.v1',
  scheduling: 'commonground.scheduling.v1',
  risk: 'commonground.risk.v1',
  evaluation: 'commonground.evaluation.v1',
} as const;

const codec = <T>(owner: keyof typeof TOPICS, name: string, message: Message<T>): FactCodec<T> => ({
  type: `${TOPICS[owner]}.${name}`,
  topic: TOPICS[owner],
  encode: (value) => message.encode(value).finish(),
  decode: (bytes) => message.decode(bytes),
});

/** Every fact of the platform, by its name. `Facts.ActivityHeld.type` is what handlers subscribe to. */
export const Facts = {
  MissionRegistered: codec('registry', 'MissionRegistered', registry.MissionRegistered),
  InterventionDesigned: codec('registry', 'InterventionDesigned', registry.InterventionDesigned),
  InterventionRevised: codec('registry', 'InterventionRevised', registry.InterventionRevised),
  ParticipantEnrolled: codec('registry', 'ParticipantEnrolled', registry.ParticipantEnrolled),
  ParticipantWithdrawn: codec('registry', 'ParticipantWithdrawn', registry.ParticipantWithdrawn),
  ActivityPlanned: codec('scheduling', 'ActivityPlanned', scheduling.ActivityPlanned),
  ActivityRescheduled: codec('scheduling', 'ActivityRescheduled', scheduling.ActivityRescheduled),
  ActivityCancelled: codec('scheduling', 'ActivityCancelled', scheduling.ActivityCancelled),
  ActivityHeld: codec('scheduling', 'ActivityHeld', scheduling.ActivityHeld),
  ActivityDidNotHappen: codec('scheduling', 'ActivityDidNotHappen', scheduling.ActivityDidNotHappen),
  ActivityCorrected: codec('scheduling', 'ActivityCorrected', scheduling.ActivityCorrected),
  ActivityUnrecorded: codec('scheduling', 'ActivityUnrecorded', scheduling.ActivityUnrecorded),
  GroupsFormed: codec('scheduling', 'GroupsFormed', scheduling.GroupsFormed),
  PairingStarted: codec('scheduling', 'PairingStarted', scheduling.PairingStarted),
  PairingCheckedIn: codec('scheduling', 'PairingCheckedIn', scheduling.PairingCheckedIn),
  PairingEnded: codec('scheduling', 'PairingEnded', scheduling.PairingEnded),
  InstrumentPublished: codec('evaluation', 'InstrumentPublished', evaluation.InstrumentPublished),
  SurveyRoundOpened: codec('evaluation', 'SurveyRoundOpened', evaluation.SurveyRoundOpened),
  SurveyRoundClosed: codec('evaluation', 'SurveyRoundClosed', evaluation.SurveyRoundClosed),
  SurveySubmitted: codec('evaluation', 'SurveySubmitted', evaluation.SurveySubmitted),
  OutcomeEstimated: codec('evaluation', 'OutcomeEstimated', evaluation.OutcomeEstimated),
  RiskFlagged: codec('risk', 'RiskFlagged', risk.RiskFlagged),
  RiskAcknowledged: codec('risk', 'RiskAcknowledged', risk.RiskAcknowledged),
  RiskResolved: codec('risk', 'RiskResolved', risk.RiskResolved),
  RiskDismissed: codec('risk', 'RiskDismissed', risk.RiskDismissed),
} as const;

export type FactName = keyof typeof Facts;

const byType = new Map<string, FactCodec<unknown>>(
  Object.values(Facts).map((fact) => [fact.type, fact as unknown as FactCodec<unknown>]),
);

/** @returns the codec of a protobuf full name, or undefined for a type that this build does not know. */
export const findFactCodec = (type: string): FactCodec<unknown> | undefined => byType.get(type);

/** What every fact must say to be one: bytes that are no such message often decode to an empty one. */
const breachOf = ({ topic }: FactCodec<unknown>, value: unknown): string | undefined => {
  const { mission, interventionId } = value as { readonly mission?: unknown; readonly interventionId?: unknown };
  if (typeof mission !== 'string' || !isMissionCode(mission)) return 'names no mission';
  if (typeof interventionId !== 'string' || (interventionId === '' && topic === TOPICS.risk)) return undefined;
  return isUuid(interventionId) ? undefined : 'names no intervention';
};

/**
 * Reads a fact's bytes by its protobuf full name.
 * @returns undefined for a type that this build does not know
 * @throws RangeError or Error when the bytes are not such a message, or name neither mission nor intervention
 */
export const decodeFact = (type: string, bytes: Uint8Array): unknown => {
  const codec = findFactCodec(type);
  const value = codec?.decode(bytes);
  const breach = codec && breachOf(codec, value);
  if (breach) throw new Error(`this ${type} ${breach}`);
  return value;
};
