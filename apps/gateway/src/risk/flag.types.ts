import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { risk } from '@common-ground/contracts';
import { FlagStatus, RiskRuleCode } from '../graphql/enums.js';
import { COMMAND_ID, Id, Moment, moment, momentOr, MomentOr, Of, OrOf, Real, said, Text, TextOr, TextsOr, Whole } from '../graphql/fields.js';
import { connectionOf } from '../graphql/page.js';
import { payloadOf } from '../graphql/user-error.js';

@ObjectType({ description: 'A figure of a piece of evidence.' })
export class EvidenceFigure {
  @Text('Its name, e.g. intervalLow.') name!: string;
  @Real('Its value.') value!: number;
}

@ObjectType({ description: 'A term of a piece of evidence.' })
export class EvidenceTerm {
  @Text('Its name, e.g. missingSide.') name!: string;
  @Text('Its value, e.g. migrant.') value!: string;
}

@ObjectType({ description: 'One thing that speaks for a flag.' })
export class Evidence {
  @Text('outcome or activity.') kind!: string;
  @Text('The activity’s code, or item and wave.') subject!: string;
  @MomentOr('When it was observed.') observedAt!: Date | null;
  @Of(() => [EvidenceFigure], 'Figures, by name.') figures!: EvidenceFigure[];
  @Of(() => [EvidenceTerm], 'Terms, by name.') terms!: EvidenceTerm[];
}

@ObjectType({ description: 'A risk that a rule has found: one per rule and subject, with its evidence.' })
export class RiskFlag {
  @Id('Its id.') id!: string;
  @Text('Code of the mission.') mission!: string;
  @Field(() => ID, { nullable: true, description: 'The intervention it is about.' }) interventionId!: string | null;
  @Of(() => RiskRuleCode, 'The rule that raised it.') rule!: string;
  @Text('What it is about: item and wave, or the intervention’s code.') subject!: string;
  @Of(() => FlagStatus, 'How far it has come.') status!: string;
  @Whole('1 to 5.') likelihood!: number;
  @Whole('1 to 5.') impact!: number;
  @Whole('Likelihood times impact.') severity!: number;
  @Whole('How many things speak for it.') evidenceCount!: number;
  @Of(() => [Evidence], 'The latest 20 of them.') evidence!: Evidence[];
  @Moment('When it was raised.') openedAt!: Date;
  @MomentOr('When it last changed.') changedAt!: Date | null;
  @TextOr('The reason given when it was resolved or dismissed.') reason!: string | null;
}

const named = <T>(values: Readonly<Record<string, T>>): { name: string; value: T }[] => Object.entries(values).map(([name, value]) => ({ name, value }));

export const evidenceOf = (row: risk.Evidence): Evidence => ({ kind: row.kind, subject: row.subject, observedAt: momentOr(row.observedAt), figures: named(row.figures), terms: named(row.terms) });

export const flagOf = (row: risk.Flag): RiskFlag => ({
  ...row,
  interventionId: said(row.interventionId),
  evidence: row.evidence.map(evidenceOf),
  openedAt: moment(row.openedAt),
  changedAt: momentOr(row.changedAt),
  reason: said(row.reason),
});

const one = (name: string) => payloadOf(name, RiskFlag, 'riskFlag', 'The flag as it is now.');

export const RiskFlagConnection = connectionOf(RiskFlag, 'RiskFlag', 'risk flags');
export const AcknowledgeRiskFlagPayload = one('AcknowledgeRiskFlagPayload');
export const ResolveRiskFlagPayload = one('ResolveRiskFlagPayload');
export const DismissRiskFlagPayload = one('DismissRiskFlagPayload');

@InputType({ description: 'Which risk flags.' })
export class RiskFlagFilter {
  @TextsOr('Codes of missions; all in scope when not said.') missions?: string[] | null;
  @TextsOr('Ids of interventions; all when not said.') interventions?: string[] | null;
  @OrOf(() => [FlagStatus], 'How far they have come; all when not said.') statuses?: string[] | null;
  @OrOf(() => [RiskRuleCode], 'The rules that raised them; all when not said.') rules?: string[] | null;
}

@InputType({ description: 'Somebody has seen it.' })
export class AcknowledgeRiskFlagInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which flag.') flagId!: string;
}

@InputType({ description: 'It has been dealt with.' })
export class ResolveRiskFlagInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which flag.') flagId!: string;
  @Text('How.') reason!: string;
}

@InputType({ description: 'It was found to be no risk.' })
export class DismissRiskFlagInput {
  @Id(COMMAND_ID) commandId!: string;
  @Id('Which flag.') flagId!: string;
  @Text('Why.') reason!: string;
}
