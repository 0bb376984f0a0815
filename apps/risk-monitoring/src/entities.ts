import { AlertEntity } from './alert/alert.entity.js';
import { EvidenceEntity, FlagChangeEntity } from './flag/evidence.entity.js';
import { FlagEntity } from './flag/flag.entity.js';
import { KnownInterventionEntity, KnownMissionEntity } from './programme/programme.entity.js';
import { MissionRuleEntity, RuleEntity } from './rule/rule.entity.js';
import { SubscriptionEntity } from './subscription/subscription.entity.js';

export const entities = [RuleEntity, MissionRuleEntity, KnownMissionEntity, KnownInterventionEntity, FlagEntity, EvidenceEntity, FlagChangeEntity, SubscriptionEntity, AlertEntity] as const;
