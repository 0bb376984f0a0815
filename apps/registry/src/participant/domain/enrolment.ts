import {
  acceptedRow,
  LIMITS,
  type Refusal,
  refusalsAmong,
  refuseCode,
  refuseLanguages,
  refuseOneOf,
  refuseText,
  refuseUuid,
  refusedRow,
  type RowOutcome,
  tidy,
  tidyLanguages,
  unchangedRow,
} from '@common-ground/kernel';
import type { EnrolledParticipant, NewParticipant, Participant, ParticipantEnrolled } from './participant.js';
import { rowRefusals } from './participant.errors.js';
import { AGE_BANDS, ARMS, GENDERS, PRIOR_CONTACTS } from './terms.js';

/** What enrolment must know of the intervention. */
export type Setting = { readonly id: string; readonly mission: string; readonly design: string; readonly sides: readonly string[] };

/** What is there already that the rows could run into. */
export type Present = {
  /** Everyone in scope who has the id or the code of a row. */
  readonly participants: readonly Participant[];
  /** Arms of the clusters enrolled so far. */
  readonly armOfCluster: ReadonlyMap<string, string>;
};

export type Enrolment = { readonly outcomes: readonly RowOutcome[]; readonly state: readonly EnrolledParticipant[]; readonly facts: readonly ParticipantEnrolled[] };

export const tidyRow = (row: NewParticipant): NewParticipant => ({
  ...row,
  code: tidy(row.code),
  side: tidy(row.side),
  cluster: tidy(row.cluster),
  stratum: tidy(row.stratum),
});

const unlessEmpty = (field: string, value: string, allowed: readonly string[]): Refusal | undefined => (value === '' ? undefined : refuseOneOf([field], value, allowed));

const refuseAssignment = (design: string, row: NewParticipant): Refusal | undefined => {
  const texts = refuseText(['cluster'], row.cluster, { max: LIMITS.code }) ?? refuseText(['stratum'], row.stratum, { max: LIMITS.code });
  if (texts) return texts;
  if (design === 'none') {
    const given = (['arm', 'cluster', 'stratum'] as const).find((field) => row[field] !== '');
    return given && rowRefusals.armWithoutDesign(given);
  }
  if (row.arm === '') return rowRefusals.armMissing();
  if (design === 'cluster-randomised' && row.cluster === '') return rowRefusals.clusterMissing();
  if (design === 'individually-randomised' && row.cluster !== '') return rowRefusals.clusterWithoutDesign();
  return unlessEmpty('arm', row.arm, ARMS);
};

/** The first thing wrong with a row by itself. */
const refuseRow = ({ sides, design }: Setting, row: NewParticipant): Refusal | undefined =>
  [
    ...refusalsAmong(
      refuseUuid(['id'], row.id),
      refuseCode(['code'], row.code),
      !sides.includes(row.side) && rowRefusals.sideUnknown(sides),
      unlessEmpty('ageBand', row.ageBand, AGE_BANDS),
      unlessEmpty('gender', row.gender, GENDERS),
      unlessEmpty('priorContact', row.priorContact, PRIOR_CONTACTS),
    ),
    ...refuseLanguages(['languages'], row.languages),
    ...refusalsAmong(refuseAssignment(design, row)),
  ][0];

const FIELDS = ['side', 'ageBand', 'gender', 'languages', 'priorContact', 'arm', 'cluster', 'stratum'] as const;

/** What a row is to the person who has its id already. */
const compare = (there: Participant, row: NewParticipant, { id }: Setting): Refusal | 'unchanged' => {
  if (there.interventionId !== id || there.code !== row.code) return rowRefusals.idTaken();
  if (there.status === 'withdrawn') return rowRefusals.left();
  const differing = FIELDS.find((field) => String(there[field]) !== String(row[field]));
  return differing ? rowRefusals.differs(differing) : 'unchanged';
};

/** What the rows before have used up. */
type Taken = { readonly rowOfId: Map<string, number>; readonly rowOfCode: Map<string, number>; readonly armOfCluster: Map<string, string> };

const refuseRepeated = (taken: Taken, row: NewParticipant): Refusal | undefined => {
  const sameId = taken.rowOfId.get(row.id);
  if (sameId !== undefined) return rowRefusals.idTwice(sameId);
  const sameCode = taken.rowOfCode.get(row.code);
  return sameCode === undefined ? undefined : rowRefusals.codeTwice(sameCode);
};

const refuseSplitCluster = (design: string, taken: Taken, { cluster, arm }: NewParticipant): Refusal | undefined => {
  if (design !== 'cluster-randomised') return undefined;
  const assigned = taken.armOfCluster.get(cluster) ?? arm;
  return assigned === arm ? undefined : rowRefusals.clusterInTwoArms(cluster, assigned);
};

/**
 * People are enrolled, each row on its own: one wrong row keeps nobody else out.
 * A row that is there already, the same, is unchanged; so a batch may be sent again under another command.
 */
export const enrolParticipants = (setting: Setting, wanted: readonly NewParticipant[], present: Present, now: Date): Enrolment => {
  const byId = new Map(present.participants.map((one) => [one.id, one]));
  const codes = new Set(present.participants.filter(({ interventionId }) => interventionId === setting.id).map(({ code }) => code));
  const taken: Taken = { rowOfId: new Map(), rowOfCode: new Map(), armOfCluster: new Map(present.armOfCluster) };
  const state: EnrolledParticipant[] = [];
  const judge = (row: NewParticipant): Refusal | 'unchanged' | undefined => {
    const faulty = refuseRow(setting, row) ?? refuseRepeated(taken, row);
    if (faulty) return faulty;
    const person = { ...row, languages: tidyLanguages(row.languages) };
    const there = byId.get(row.id);
    if (there) return compare(there, person, setting);
    const clash = codes.has(row.code) ? rowRefusals.codeTaken() : refuseSplitCluster(setting.design, taken, row);
    if (clash) return clash;
    if (row.cluster !== '') taken.armOfCluster.set(row.cluster, row.arm);
    state.push({ ...person, mission: setting.mission, interventionId: setting.id, status: 'enrolled', withdrawalReason: '', enrolledAt: now, version: 1 });
    return undefined;
  };
  const outcomes = wanted.map((row, index) => {
    const verdict = judge(row);
    if (verdict !== undefined && verdict !== 'unchanged') return refusedRow(index, verdict);
    taken.rowOfId.set(row.id, index);
    taken.rowOfCode.set(row.code, index);
    return verdict === 'unchanged' ? unchangedRow(index) : acceptedRow(index);
  });
  return { outcomes, state, facts: state.map((participant) => ({ type: 'ParticipantEnrolled', participant })) };
};

/** Storage has the last word: an id may be taken by someone out of the caller's sight. */
export const exceptTaken = ({ outcomes, state, facts }: Enrolment, wanted: readonly NewParticipant[], written: ReadonlySet<string>): Enrolment => {
  if (written.size === state.length) return { outcomes, state, facts };
  const outcomeOf = (outcome: RowOutcome): RowOutcome =>
    outcome.outcome === 'accepted' && !written.has(wanted[outcome.row]?.id ?? '') ? refusedRow(outcome.row, rowRefusals.idTaken()) : outcome;
  return {
    outcomes: outcomes.map(outcomeOf),
    state: state.filter(({ id }) => written.has(id)),
    facts: facts.filter(({ participant }) => written.has(participant.id)),
  };
};
