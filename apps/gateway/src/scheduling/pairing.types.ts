import { InputType, ObjectType } from '@nestjs/graphql';
import type { scheduling } from '@common-ground/contracts';
import { PairingCourse, PairingEndReason, PairingStatus } from '../graphql/enums.js';
import { COMMAND_ID, CREATED_ID, Day, DayOr, Id, Ids, Of, OrOf, Real, said, TextOr, Texts, TextsOr, Whole, WholeOr, YesNoOr } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { payloadOf } from '../graphql/user-error.js';

@ObjectType({ description: 'What a pair said when it was asked how it goes.' })
export class PairingCheckIn {
  @Day('When they were asked.') checkedInOn!: string;
  @Of(() => PairingCourse, 'How it goes.') course!: string;
}

@ObjectType({ description: 'Two people who meet one-to-one, one supporting the other, for up to twelve months.' })
export class Pairing {
  @Id('Its id.') id!: string;
  @Id('The intervention it belongs to.') interventionId!: string;
  @Id('Who supports, by pseudonymous id.') supporterId!: string;
  @Id('Who is supported, by pseudonymous id.') supportedId!: string;
  @Day('When it starts.') startsOn!: string;
  @Day('When its support plan ends.') endsOn!: string;
  @Of(() => PairingStatus, 'How far it has come.') status!: string;
  @OrOf(() => PairingEndReason, 'Why it ended.') reason!: string | null;
  @DayOr('When it ended.') endedOn!: string | null;
  @Of(() => [PairingCheckIn], 'Check-ins by day.') checkIns!: PairingCheckIn[];
  @Whole('Counts its changes.') version!: number;
}

export const pairingOf = (row: scheduling.Pairing): Pairing => ({ ...row, reason: said(row.reason), endedOn: said(row.endedOn) });

export const PairingConnection = connectionOf(Pairing, 'Pairing', 'pairings');
const one = (name: string) => payloadOf(name, Pairing, 'pairing', 'The pairing as it is now.');
export const StartPairingPayload = one('StartPairingPayload');
export const CheckInPairingPayload = one('CheckInPairingPayload');
export const EndPairingPayload = one('EndPairingPayload');

@InputType({ description: 'Which pairings.' })
export class PairingFilter {
  @TextsOr('Ids of interventions; all in scope when not said.') interventions?: string[] | null;
  @OrOf(() => [PairingStatus], 'How far they have come; all when not said.') statuses?: string[] | null;
}

@InputType({ description: 'A pairing to start.' })
export class StartPairingInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id(CREATED_ID) pairingId!: string;
  @Id('The intervention that both are enrolled in.') interventionId!: string;
  @Id('Who supports.') supporterId!: string;
  @Id('Who is supported; in one pairing at a time.') supportedId!: string;
  @Day('When it starts.') startsOn!: string;
  @Day('When its support plan ends, twelve months later at most.') endsOn!: string;
}

@InputType({ description: 'How a pair says that it goes; one check-in a day.' })
export class CheckInPairingInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which pairing.') pairingId!: string;
  @Day('When they were asked.') checkedInOn!: string;
  @Of(() => PairingCourse, 'How it goes.') course!: string;
}

@InputType({ description: 'The end of a pairing.' })
export class EndPairingInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which pairing.') pairingId!: string;
  @Day('When it ended.') endedOn!: string;
  @Of(() => PairingEndReason, 'Why; nobody is marked for it.') reason!: string;
}

@InputType({ description: 'Somebody to be paired, beyond what is known from enrolment.' })
export class PairingCandidateInput {
  @Id('Who.') participantId!: string;
  @Texts('Codes of the times they can be met at, such as mon-evening.') availability!: string[];
  @TextsOr('What they like to do, in the programme’s own words.') interests?: string[] | null;
  @TextOr('The part of town.') area?: string | null;
  @TextOr('The gender they would rather be paired with.') prefersGender?: string | null;
  @YesNoOr('Whether they are cleared to work with minors; no when not said.') vetted?: boolean | null;
  @WholeOr('How many people a supporter takes on; one when not said.') capacity?: number | null;
}

@InputType({ description: 'Two people who are not to be paired.' })
export class KeptApartPairInput {
  @Ids('The two.') participantIds!: string[];
}

@InputType({ description: 'Who is to be paired with whom.' })
export class PairingProposalInput {
  @Id('The intervention that all are enrolled in.') interventionId!: string;
  @Of(() => [PairingCandidateInput], 'Who supports.') supporters!: PairingCandidateInput[];
  @Of(() => [PairingCandidateInput], 'Who is supported.') supported!: PairingCandidateInput[];
  @OrOf(() => [KeptApartPairInput], 'Pairs that must not be.') keepApart?: KeptApartPairInput[] | null;
}

@ObjectType({ description: 'Two people who would fit.' })
export class ProposedPairing {
  @Id('Who supports.') supporterId!: string;
  @Id('Who is supported.') supportedId!: string;
  @Real('How well they fit, 0 to 1.') score!: number;
}

@ObjectType({ description: 'Somebody nobody was found for.' })
export class UnpairedCandidate {
  @Id('Who.') participantId!: string;
  @Texts('What stood between: kept-apart, cooling-off, safeguarding, no-shared-language, no-shared-time, nobody-free, nobody-there.') because!: string[];
}

@ObjectType({ description: 'As many pairs as safeguarding, languages and times allow and, among those, the ones that fit best. Nothing is started.' })
export class PairingProposal {
  @Of(() => [ProposedPairing], 'Who would fit whom.') pairings!: ProposedPairing[];
  @Of(() => [UnpairedCandidate], 'For whom nobody was found, and why.') unpaired!: UnpairedCandidate[];
}

export const candidateOf = (row: PairingCandidateInput): scheduling.PairingCandidate => ({
  ...row,
  interests: row.interests ?? [],
  area: row.area ?? '',
  prefersGender: row.prefersGender ?? '',
  vetted: row.vetted ?? false,
  capacity: row.capacity ?? 0,
});
