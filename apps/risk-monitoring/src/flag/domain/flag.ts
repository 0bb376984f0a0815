import type { Evidence } from './finding.js';
import { flagErrors } from './flag.errors.js';

export const FLAG_STATUSES = ['open', 'acknowledged', 'mitigating', 'resolved', 'dismissed'] as const;
export type FlagStatus = (typeof FLAG_STATUSES)[number];

export const isFlagStatus = (value: string): value is FlagStatus => FLAG_STATUSES.some((status) => status === value);

/** A flag in one of these still gathers evidence; in the others its episode is over for good. */
export const LIVE_STATUSES = ['open', 'acknowledged', 'mitigating'] as const satisfies readonly FlagStatus[];
export const isLive = (status: FlagStatus): boolean => LIVE_STATUSES.some((live) => live === status);

type Transition = { readonly from: readonly FlagStatus[]; readonly to: FlagStatus; readonly needsReason: boolean };

/** The state machine. */
export const TRANSITIONS = {
  acknowledge: { from: ['open'], to: 'acknowledged', needsReason: false },
  mitigate: { from: ['open', 'acknowledged'], to: 'mitigating', needsReason: false },
  resolve: { from: LIVE_STATUSES, to: 'resolved', needsReason: true },
  dismiss: { from: LIVE_STATUSES, to: 'dismissed', needsReason: true },
} as const satisfies Readonly<Record<string, Transition>>;
export type FlagCommand = keyof typeof TRANSITIONS;

/**
 * @returns the status that the command leads to
 * @throws DomainError when the flag's status does not allow it or the reason is missing
 */
export const decide = (status: FlagStatus, command: FlagCommand, reason = ''): FlagStatus => {
  const transition: Transition = TRANSITIONS[command];
  if (!transition.from.includes(status)) throw flagErrors.statusRefused(command, status, transition.from);
  if (transition.needsReason && reason.trim() === '') throw flagErrors.reasonMissing(command);
  return transition.to;
};

export type Weight = { readonly likelihood: number; readonly impact: number };

/** 1 to 25. */
export const severityOf = ({ likelihood, impact }: Weight): number => likelihood * impact;

/** Pieces of evidence from which a thing is likelier than its rule assumed, one step each. */
const RISES_AT = [5, 20] as const;

/** What comes again and again is likelier: likelihood rises by a step at 5 and at 20 pieces of evidence, to 5 at most. */
export const weigh = (rule: Weight, evidenceCount: number): Weight => ({
  likelihood: Math.min(5, rule.likelihood + RISES_AT.filter((threshold) => evidenceCount >= threshold).length),
  impact: rule.impact,
});

/** Within one episode a flag never grows lighter: that is for people to say, by closing it. */
export const heavier = (before: Weight, now: Weight): Weight => ({
  likelihood: Math.max(before.likelihood, now.likelihood),
  impact: Math.max(before.impact, now.impact),
});

/** Evidence that a closed flag already had; the latest version that it saw. */
export type SeenEvidence = Pick<Evidence, 'kind' | 'version'>;

/**
 * Whether closing a flag has already answered this evidence, so that it must not open another.
 * An activity is answered for good, whatever is corrected in its record; an estimate until it changes.
 */
export const alreadyAnswered = (seen: readonly SeenEvidence[], evidence: Evidence): boolean =>
  seen.some((known) => known.kind === 'activity' || known.version >= evidence.version);
