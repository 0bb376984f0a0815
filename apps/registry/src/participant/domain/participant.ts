import { refusalsAmong, refuseOneOf, throwIfRefused } from '@common-ground/kernel';
import { withdrawnAlready } from './participant.errors.js';
import { WITHDRAWAL_REASONS } from './terms.js';

/** What is said of a person at enrolment: a pseudonymous code and the few attributes that mixing and disaggregation need. */
export type NewParticipant = {
  readonly id: string;
  readonly code: string;
  readonly side: string;
  readonly ageBand: string;
  readonly gender: string;
  readonly languages: readonly string[];
  readonly priorContact: string;
  readonly arm: string;
  readonly cluster: string;
  readonly stratum: string;
};

type Place = { readonly mission: string; readonly interventionId: string };
type Told = { readonly enrolledAt: Date; /** Counts the facts told about this person. */ readonly version: number };

export type EnrolledParticipant = NewParticipant & Place & Told & { readonly status: 'enrolled'; readonly withdrawnAt?: undefined; readonly withdrawalReason: '' };
export type WithdrawnParticipant = NewParticipant & Place & Told & { readonly status: 'withdrawn'; readonly withdrawnAt: Date; readonly withdrawalReason: string };
export type Participant = EnrolledParticipant | WithdrawnParticipant;

export type ParticipantEnrolled = { readonly type: 'ParticipantEnrolled'; readonly participant: EnrolledParticipant };
export type ParticipantWithdrawn = { readonly type: 'ParticipantWithdrawn'; readonly participant: WithdrawnParticipant };
export type ParticipantFact = ParticipantEnrolled | ParticipantWithdrawn;

/**
 * A person leaves the intervention. Leaving again for the same reason changes nothing.
 * @throws DomainError VALUE_UNKNOWN for a reason that is none, PARTICIPANT_WITHDRAWN when they left for another reason
 */
export const withdrawParticipant = (current: Participant, reason: string, now: Date): { state: WithdrawnParticipant; facts: readonly ParticipantWithdrawn[] } => {
  throwIfRefused(refusalsAmong(refuseOneOf(['reason'], reason, WITHDRAWAL_REASONS)));
  if (current.status === 'withdrawn') {
    if (current.withdrawalReason !== reason) throw withdrawnAlready(current.withdrawalReason);
    return { state: current, facts: [] };
  }
  const state: WithdrawnParticipant = { ...current, status: 'withdrawn', withdrawnAt: now, withdrawalReason: reason, version: current.version + 1 };
  return { state, facts: [{ type: 'ParticipantWithdrawn', participant: state }] };
};
