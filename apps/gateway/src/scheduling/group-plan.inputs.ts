import { InputType } from '@nestjs/graphql';
import type { scheduling } from '@common-ground/contracts';
import { LoneMemberPolicy, RoleWishKind } from '../graphql/enums.js';
import { COMMAND_ID, Id, Ids, Of, OrOf, Text, TextOr, Texts, TextsOr, WholeOr, YesNoOr } from '../graphql/fields.js';

const SEED = 'With the same people, rules and seed the groups are the same; drawn from the command’s id when not said. 0 to 2147483647.';

@InputType({ description: 'Two or more people.' })
export class PeopleRuleInput {
  @Ids('Who.') participantIds!: string[];
}

@InputType({ description: 'How groups are to be; everything may be left out.' })
export class GroupingRulesInput {
  @WholeOr('People in a group at least; 4 when neither is said.') sizeMin?: number | null;
  @WholeOr('People in a group at most; 6 when neither is said.') sizeMax?: number | null;
  @OrOf(() => [PeopleRuleInput], 'People who are never in one group.') keepApart?: PeopleRuleInput[] | null;
  @OrOf(() => [PeopleRuleInput], 'People who are always in one group.') keepTogether?: PeopleRuleInput[] | null;
  @OrOf(() => LoneMemberPolicy, 'Whether somebody may be the only one of their side; AT_LEAST_TWO when not said.') loneMember?: string | null;
  @YesNoOr('Whether people in a group must be able to talk: by a language they share, or somebody who interprets. No when not said.') sharedLanguage?: boolean | null;
  @OrOf(() => [PeopleRuleInput], 'Superior first, subordinate second: never in one group.') superiors?: PeopleRuleInput[] | null;
}

@InputType({ description: 'Groups for one activity.' })
export class FormGroupsInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity; planned, and still to be recorded.') activityId!: string;
  @WholeOr(SEED) seed?: number | null;
  @OrOf(() => GroupingRulesInput, 'How they are to be.') rules?: GroupingRulesInput | null;
  @OrOf(() => [String], 'Ids of enrolled people who are not expected.') absentIds?: string[] | null;
}

@InputType({ description: 'Who is known beforehand not to come.' })
export class ExpectedAbsenceInput {
  @Id('To which activity.') activityId!: string;
  @Ids('Who.') participantIds!: string[];
}

@InputType({ description: 'Groups for a whole series, up to 60 activities of one intervention.' })
export class FormSeriesGroupsInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('The intervention.') interventionId!: string;
  @Ids('Activities to come.') activityIds!: string[];
  @WholeOr(SEED) seed?: number | null;
  @OrOf(() => GroupingRulesInput, 'How they are to be.') rules?: GroupingRulesInput | null;
  @OrOf(() => [ExpectedAbsenceInput], 'Absences known beforehand.') absences?: ExpectedAbsenceInput[] | null;
}

@InputType({ description: 'One person into another group.' })
export class MoveParticipantInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity.') activityId!: string;
  @Id('Who.') participantId!: string;
  @Text('The name of the group they move to.') toGroup!: string;
}

@InputType({ description: 'Who is missing and who came unannounced, on the spot.' })
export class RegroupActivityInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity.') activityId!: string;
  @OrOf(() => [String], 'Ids of people who were expected and are missing.') missingIds?: string[] | null;
  @OrOf(() => [String], 'Ids of enrolled people who came though they were not expected.') unannouncedIds?: string[] | null;
}

@InputType({ description: 'What is said about a person and a role.' })
export class RoleWishInput {
  @Id('Who.') participantId!: string;
  @Text('Which role.') role!: string;
  @Of(() => RoleWishKind, 'Whether they wish it, or are not to have it.') wish!: string;
}

@InputType({ description: 'Roles in every group of an activity.' })
export class AssignRolesInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity.') activityId!: string;
  @TextsOr('The roles; leader, notetaker and timekeeper when not said.') roles?: string[] | null;
  @OrOf(() => [RoleWishInput], 'Wishes and exclusions.') wishes?: RoleWishInput[] | null;
}

@InputType({ description: 'A facilitator who can take a group.' })
export class FacilitatorOfferInput {
  @Text('Their code.') code!: string;
  @Texts('Languages they speak, such as es or tr.') languages!: string[];
  @TextOr('The side they share a background with; neither when not said.') background?: string | null;
}

@InputType({ description: 'Facilitators for the groups of an activity.' })
export class AssignFacilitatorsInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which activity.') activityId!: string;
  @Of(() => [FacilitatorOfferInput], 'Who can take a group.') facilitators!: FacilitatorOfferInput[];
}

const people = (rows: readonly PeopleRuleInput[] | null | undefined): scheduling.PeopleRule[] => (rows ?? []).map(({ participantIds }) => ({ participantIds: [...participantIds] }));

export const rulesOf = (rules: GroupingRulesInput | null | undefined): scheduling.GroupingRules => ({
  sizeMin: rules?.sizeMin ?? 0,
  sizeMax: rules?.sizeMax ?? 0,
  keepApart: people(rules?.keepApart),
  keepTogether: people(rules?.keepTogether),
  loneMember: rules?.loneMember ?? '',
  sharedLanguage: rules?.sharedLanguage ?? false,
  superiors: people(rules?.superiors),
});
