import { Facts } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import type { ParticipantFact } from './domain/participant.js';

/** The only place that knows both this slice's facts and how they travel. */
export const encodeParticipantFact = ({ type, participant }: ParticipantFact, quiet: boolean): NewFact => {
  const { id, mission, interventionId, version, languages, withdrawalReason: reason } = participant;
  const who = { ...participant, participantId: id, languages: [...languages] };
  const data = type === 'ParticipantEnrolled' ? Facts.ParticipantEnrolled.encode(who) : Facts.ParticipantWithdrawn.encode({ ...who, reason });
  return { type: Facts[type].type, key: interventionId, subject: id, sequence: version, mission, quiet, data };
};
