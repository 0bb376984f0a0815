import { assignFacilitators as facilitatorsFor } from '@common-ground/grouping';
import { type Refusal, refusalsAmong, refuseCode } from '@common-ground/kernel';
import { type Known, type Refused, refusedFor } from './forming.js';
import { groupRefusals } from './group-plan.errors.js';
import { type BentRule, type GroupPlan, sameGroups } from './group-plan.js';

export const FACILITATORS_AT_MOST = 100;

export type FacilitatorOffer = { readonly code: string; readonly languages: readonly string[]; /** A side; empty when neither. */ readonly background: string };

const refuseOffers = (offers: readonly FacilitatorOffer[]): Refusal[] => {
  if (offers.length === 0) return [groupRefusals.noFacilitators()];
  if (offers.length > FACILITATORS_AT_MOST) return [groupRefusals.facilitatorsTooMany(offers.length, FACILITATORS_AT_MOST)];
  return offers.flatMap(({ code }, index) => refusalsAmong(refuseCode(['facilitators', String(index), 'code'], code), offers.findIndex((one) => one.code === code) < index && groupRefusals.facilitatorTwice(index)));
};

/** A facilitator for every group that can have one; the same again changes nothing. */
export const assignFacilitators = (current: GroupPlan, offers: readonly FacilitatorOffer[], { people, now }: Known): GroupPlan | Refused => {
  const wrong = refusedFor(refuseOffers(offers));
  if (wrong) return wrong;
  const { assignments, missing } = facilitatorsFor(
    current.groups.map(({ name: id, participantIds }) => ({ id, people: participantIds.map((person) => ({ id: person, side: people.get(person)?.side ?? '', languages: people.get(person)?.languages ?? [] })) })),
    offers.map(({ code, languages, background }) => ({ code, languages, ...(background === '' ? {} : { background }) })),
  );
  const groups = current.groups.map((group) => ({ ...group, facilitator: assignments.find((one) => one.group === group.name)?.facilitator ?? '' }));
  if (sameGroups(groups, current.groups)) return current;
  const bent = missing.map(({ group, because }): BentRule => ({ rule: 'facilitator-missing', group, participantIds: [], because: because === 'too-few' ? `There are fewer facilitators than groups; group ${group} has none.` : `No facilitator speaks with anybody in group ${group}.` }));
  return { ...current, groups, drawn: { ...current.drawn, by: 'facilitators', bent: [...current.drawn.bent.filter(({ rule }) => rule !== 'facilitator-missing'), ...bent] }, formedAt: now, version: current.version + 1 };
};
