import { InputType, ObjectType } from '@nestjs/graphql';
import type { risk } from '@common-ground/contracts';
import { RiskRuleCode } from '../graphql/enums.js';
import { COMMAND_ID, Id, Of, OrOf, Real, said, Text, TextOr, Whole, YesNo } from '../graphql/fields.js';
import { payloadOf } from '../graphql/user-error.js';

@ObjectType({ description: 'A threshold of a rule.' })
export class Threshold {
  @Text('Its name, e.g. minimumCondition.') name!: string;
  @Real('Its value.') value!: number;
}

@ObjectType({ description: 'A rule that raises risk flags, as it stands in a mission or by default.' })
export class RiskRule {
  @Of(() => RiskRuleCode, 'Which rule.') code!: string;
  @Text('negative-contact or delivery.') family!: string;
  @TextOr('The mission that set it; null: the organisation’s default.') mission!: string | null;
  @YesNo('Whether it is on.') enabled!: boolean;
  @Of(() => [Threshold], 'Its thresholds.') thresholds!: Threshold[];
  @Whole('1 to 5.') likelihood!: number;
  @Whole('1 to 5.') impact!: number;
}

export const ruleOf = (row: risk.Rule): RiskRule => ({ ...row, mission: said(row.mission), thresholds: Object.entries(row.thresholds).map(([name, value]) => ({ name, value })) });

export const ConfigureRiskRulePayload = payloadOf('ConfigureRiskRulePayload', RiskRule, 'riskRule', 'The rule as it stands in the mission.');

@InputType({ description: 'A threshold of a rule.' })
export class ThresholdInput {
  @Text('Its name.') name!: string;
  @Real('Its value.') value!: number;
}

@InputType({ description: 'A mission’s own thresholds for a rule, or the rule switched off there.' })
export class ConfigureRiskRuleInput {
  @Id(COMMAND_ID) commandId!: string;
  @Text('Code of the mission.') mission!: string;
  @Of(() => RiskRuleCode, 'Which rule.') code!: string;
  @YesNo('Whether it is on.') enabled!: boolean;
  @OrOf(() => [ThresholdInput], 'Thresholds to set; the others stay at the default.') thresholds?: ThresholdInput[] | null;
}
