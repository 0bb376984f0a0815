import { Ctx, Payload } from '@nestjs/microservices';
import { type evaluation, Facts, type scheduling } from '@common-ground/contracts';
import { ConsumesFacts, type Fact, type FactContext, HandlesFact, PoisonFact } from '@common-ground/messaging';
import { type Rule, type RuleCode, thresholdOf } from '../rule/domain/rule.js';
import { findActiveRule } from '../rule/rule.repository.js';
import { findOneSideMissing, findPoorContact, findSidesApart, findSidesToBeApart, findUnrecorded, type HeldActivity } from './domain/activity-rules.js';
import { harmKey, judgeEstimate } from './domain/estimate-rule.js';
import type { Finding } from './domain/finding.js';
import { answerEvidence } from './evidence.repository.js';
import { FlagKeeper } from './flag-keeper.js';

/** Rules on what a held activity was like, each with what it finds. */
const HELD_RULES: ReadonlyArray<readonly [RuleCode, (activity: HeldActivity, rule: Rule) => Finding | undefined]> = [
  ['poor-contact', (activity, rule) => findPoorContact(activity, thresholdOf(rule, 'minimumCondition'))],
  ['one-side-missing', (activity) => findOneSideMissing(activity)],
  ['sides-apart', (activity) => findSidesApart(activity)],
];

const given = (moment: Date | undefined, name: string): Date => {
  if (!moment || Number.isNaN(moment.getTime())) throw new PoisonFact(`${name} is missing`);
  return moment;
};

const sidesInGroups = ({ roster, groups }: Pick<scheduling.ActivityHeld, 'roster' | 'groups'>): HeldActivity['groups'] => {
  const sides = new Map(roster.map(({ participantId, side }) => [participantId, side]));
  return groups.map(({ participantIds }) => {
    const counts = new Map<string, number>();
    for (const id of participantIds) counts.set(sides.get(id) ?? '', (counts.get(sides.get(id) ?? '') ?? 0) + 1);
    return counts;
  });
};

const heldActivity = (data: scheduling.ActivityHeld | scheduling.ActivityCorrected, version: number): HeldActivity => ({
  activityId: data.activityId,
  code: data.code,
  startsAt: given(data.startsAt, 'startsAt'),
  version,
  expectedSides: data.expectedSides,
  presentBySide: data.presentBySide,
  attendanceTaken: data.roster.length > 0 || data.presentBySide.some(({ count }) => count > 0),
  conditions: data.conditions,
  groups: sidesInGroups(data),
});

@ConsumesFacts()
export class FlagConsumer {
  constructor(private readonly flags: FlagKeeper) {}

  @HandlesFact(Facts.OutcomeEstimated.type)
  async flagHarmWhenOutcomeEstimated(@Payload() fact: Fact<evaluation.OutcomeEstimated>, @Ctx() context: FactContext): Promise<void> {
    const { data } = fact;
    const rule = await findActiveRule(context.tx, data.mission, 'outcome-worsened');
    if (!rule) return;
    const { kind, finding } = judgeEstimate({ ...data, estimatedAt: given(data.estimatedAt, 'estimatedAt') });
    if (kind === 'harmful') await this.flags.absorb(rule, finding, { fact, context });
    else await this.flags.addTo(harmKey(data), rule, finding, { fact, context });
  }

  @HandlesFact(Facts.ActivityHeld.type)
  async flagContactWhenActivityHeld(@Payload() fact: Fact<scheduling.ActivityHeld>, @Ctx() context: FactContext): Promise<void> {
    await this.answerUnrecorded(fact, context, 'held');
    // What had been planned is answered by what was: it speaks for itself below.
    await answerEvidence(context.tx, fact.data.activityId, ['sides-apart'], 'held');
    const activity = heldActivity(fact.data, fact.sequence);
    for (const [code, find] of HELD_RULES) {
      const rule = await findActiveRule(context.tx, fact.data.mission, code);
      const finding = rule && find(activity, rule);
      if (rule && finding) await this.flags.absorb(rule, finding, { fact, context });
    }
  }

  @HandlesFact(Facts.ActivityCorrected.type)
  async weighAgainWhenActivityCorrected(@Payload() fact: Fact<scheduling.ActivityCorrected>, @Ctx() context: FactContext): Promise<void> {
    const { data } = fact;
    await this.answerUnrecorded(fact, context, data.outcome);
    const activity = data.outcome === 'held' ? heldActivity(data, fact.sequence) : undefined;
    for (const [code, find] of HELD_RULES) {
      const rule = await findActiveRule(context.tx, data.mission, code);
      if (!rule) continue;
      const finding = activity && find(activity, rule);
      if (finding) await this.flags.absorb(rule, finding, { fact, context });
      else await answerEvidence(context.tx, data.activityId, [code], 'corrected');
    }
  }

  @HandlesFact(Facts.GroupsFormed.type)
  async warnOfSidesApartWhenGroupsFormed(@Payload() fact: Fact<scheduling.GroupsFormed>, @Ctx() context: FactContext): Promise<void> {
    const { mission, activityId, code, groups } = fact.data;
    const rule = await findActiveRule(context.tx, mission, 'sides-apart');
    if (!rule) return;
    const bySide = groups.map((group) => new Map(group.bySide.map(({ side, count }) => [side, count])));
    const finding = findSidesToBeApart({ activityId, code, formedAt: fact.time, version: fact.sequence, groups: bySide });
    if (finding) await this.flags.absorb(rule, finding, { fact, context });
    else await answerEvidence(context.tx, activityId, ['sides-apart'], 'regrouped');
  }

  @HandlesFact(Facts.ActivityUnrecorded.type)
  async flagSilenceWhenActivityUnrecorded(@Payload() fact: Fact<scheduling.ActivityUnrecorded>, @Ctx() context: FactContext): Promise<void> {
    const { mission, activityId, code, endedAt } = fact.data;
    const rule = await findActiveRule(context.tx, mission, 'unrecorded-activity');
    if (!rule) return;
    const finding = findUnrecorded({ activityId, code, endedAt: given(endedAt, 'endedAt'), version: fact.sequence });
    await this.flags.absorb(rule, finding, { fact, context });
  }

  @HandlesFact(Facts.ActivityDidNotHappen.type)
  async answerWhenActivityDidNotHappen(@Payload() fact: Fact<scheduling.ActivityDidNotHappen>, @Ctx() context: FactContext): Promise<void> {
    await this.answerUnrecorded(fact, context, 'did-not-happen');
  }

  @HandlesFact(Facts.ActivityCancelled.type)
  async answerWhenActivityCancelled(@Payload() fact: Fact<scheduling.ActivityCancelled>, @Ctx() context: FactContext): Promise<void> {
    await this.answerUnrecorded(fact, context, 'cancelled');
  }

  @HandlesFact(Facts.ActivityRescheduled.type)
  async answerWhenActivityRescheduled(@Payload() fact: Fact<scheduling.ActivityRescheduled>, @Ctx() context: FactContext): Promise<void> {
    await this.answerUnrecorded(fact, context, 'rescheduled');
  }

  private answerUnrecorded(fact: Fact<{ readonly activityId: string }>, { tx }: FactContext, answer: string): Promise<void> {
    return answerEvidence(tx, fact.data.activityId, ['unrecorded-activity'], answer);
  }
}
