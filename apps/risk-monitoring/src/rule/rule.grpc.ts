import { Controller } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { risk } from '@common-ground/contracts';
import type { Caller } from '@common-ground/kernel';
import { CurrentCaller, Roles, Rpc } from '@common-ground/platform';
import { MAY_CONFIGURE_RULES, MAY_READ_FLAGS } from '../roles.js';
import type { Rule } from './domain/rule.js';
import { RuleService } from './rule.service.js';

const rpc = risk.RiskServiceService;
const shown = (rule: Rule): risk.Rule => ({ ...rule, thresholds: { ...rule.thresholds } });

@Controller()
export class RuleGrpc {
  constructor(private readonly rules: RuleService) {}

  @Rpc(rpc.listRules)
  @Roles(...MAY_READ_FLAGS)
  async listRules(@Payload() { mission }: risk.ListRulesRequest, @CurrentCaller() caller: Caller): Promise<risk.ListRulesResponse> {
    return { rules: (await this.rules.list(mission, caller)).map(shown) };
  }

  @Rpc(rpc.configureRule)
  @Roles(...MAY_CONFIGURE_RULES)
  async configureRule(@Payload() request: risk.ConfigureRuleRequest, @CurrentCaller() caller: Caller): Promise<risk.ConfigureRuleResponse> {
    return { rule: shown(await this.rules.configure(request, caller)) };
  }
}
