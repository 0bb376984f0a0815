import { setTimeout as pause } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { type Caller, EVERYTHING, isMissionCode, requireRole, seesMission } from '@common-ground/kernel';
import { Database, once } from '@common-ground/persistence';
import { CLOCK, type Clock } from '../clock.js';
import { isMissionKnown } from '../programme/programme.repository.js';
import { MAY_CONFIGURE_RULES, MAY_READ_FLAGS } from '../roles.js';
import { checkedOverride, effectiveRule, type Rule } from './domain/rule.js';
import { ruleErrors } from './domain/rule.errors.js';
import { getRules, setOverride } from './rule.repository.js';

export type ConfigureRule = {
  readonly commandId: string;
  readonly mission: string;
  readonly code: string;
  readonly enabled: boolean;
  readonly thresholds: Readonly<Record<string, number>>;
};

/** How long a command waits for a fact that is on its way. */
const PATIENCE_MS = 5_000;
const POLL_MS = 50;

@Injectable()
export class RuleService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** An empty mission asks for the organisation's defaults. */
  async list(mission: string, caller: Caller): Promise<readonly Rule[]> {
    requireRole(caller, ...MAY_READ_FLAGS);
    if (mission !== '' && !(isMissionCode(mission) && seesMission(caller.scope, mission))) throw ruleErrors.missionUnknown(mission);
    return this.database.read(caller.scope, (tx) => getRules(tx, mission));
  }

  async configure({ commandId, ...command }: ConfigureRule, caller: Caller): Promise<Rule> {
    requireRole(caller, ...MAY_CONFIGURE_RULES);
    const { mission } = command;
    if (!isMissionCode(mission) || !seesMission(caller.scope, mission)) throw ruleErrors.missionUnknown(mission);
    const override = checkedOverride(command);
    if (!(await this.isKnownSoon(mission))) throw ruleErrors.missionUnknown(mission);
    return this.database.run(caller.scope, (tx) =>
      once(tx, { commandId, name: 'ConfigureRule', payload: command }, async () => {
        const standard = (await getRules(tx, '')).find(({ code }) => code === override.code);
        if (!standard) throw ruleErrors.unknown(command.code);
        await setOverride(tx, override, { subject: caller.subject, at: this.clock.now() });
        return effectiveRule(standard, override);
      }),
    );
  }

  private async isKnownSoon(mission: string): Promise<boolean> {
    for (let waited = 0; ; waited += POLL_MS) {
      if (await this.database.read(EVERYTHING, (tx) => isMissionKnown(tx, mission))) return true;
      if (waited >= PATIENCE_MS) return false;
      await pause(POLL_MS);
    }
  }
}
