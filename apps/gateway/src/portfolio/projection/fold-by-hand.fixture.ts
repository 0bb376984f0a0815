import { type evaluation, Facts, type registry, type risk, type scheduling } from '@common-ground/contracts';
import type { ActivityFact } from './activities.js';

type Told = { readonly type: string; readonly data: unknown };
type Activity = { intervention: string; month: string; status: string; startsAt: Date | undefined; conditions: (number | null)[] };
type Table = Record<string, unknown>[];

const NO_CONDITIONS = [null, null, null, null];

/** The portfolio as one would count it with pencil and paper: one fact after the other, every number anew from the lists at the end. */
export class FoldByHand {
  private readonly activities = new Map<string, Activity>();
  private readonly months = new Set<string>();
  private readonly presence = new Map<string, { intervention: string; participant: string; side: string }[]>();
  private readonly groups = new Map<string, readonly (readonly string[])[]>();
  private readonly roles = new Map<string, readonly { readonly side: string; readonly role: string }[]>();
  private readonly participants = new Map<string, { intervention: string; side: string; withdrawn: boolean }>();
  private readonly respondents = new Map<string, { intervention: string; wave: string; respondent: string; answers: number }>();
  private readonly estimates = new Map<string, evaluation.OutcomeEstimated>();
  private readonly flags = new Map<string, { rule: string; status: string; severity: number }>();

  tell({ type, data }: Told): void {
    const name = type.slice(type.lastIndexOf('.') + 1);
    if (name === 'GroupsFormed') return this.planned(data as scheduling.GroupsFormed);
    if (name.startsWith('Activity')) return this.activity(name, data as ActivityFact['data']);
    if (name.startsWith('Participant')) return this.participant(name, data as registry.ParticipantEnrolled);
    if (name.startsWith('Risk')) return this.flag(name, data as risk.RiskFlagged);
    if (type === Facts.SurveySubmitted.type) return this.submission(data as evaluation.SurveySubmitted);
    const estimated = data as evaluation.OutcomeEstimated;
    const key = `${estimated.interventionId}/${estimated.item}/${estimated.wave}`;
    if ((this.estimates.get(key)?.revision ?? 0) < estimated.revision) this.estimates.set(key, estimated);
  }

  private activity(name: string, said: ActivityFact['data']): void {
    const status = { ActivityPlanned: 'planned', ActivityRescheduled: 'planned', ActivityCancelled: 'cancelled', ActivityUnrecorded: 'unrecorded', ActivityDidNotHappen: 'did-not-happen', ActivityHeld: 'held', ActivityCorrected: said.outcome }[name] ?? '';
    const { equalStatus = 0, commonGoal = 0, cooperation = 0, supportOfAuthorities = 0 } = (status === 'held' && said.conditions) || ({} as Partial<scheduling.ContactConditions>);
    const conditions = status === 'held' ? [equalStatus, commonGoal, cooperation, supportOfAuthorities].map((seen) => seen || null) : NO_CONDITIONS;
    this.activities.set(said.activityId, { intervention: said.interventionId, month: said.month, status, startsAt: said.startsAt ?? this.activities.get(said.activityId)?.startsAt, conditions });
    this.months.add(`${said.interventionId}/${said.month}`);
    if (name !== 'ActivityHeld' && name !== 'ActivityCorrected') return;
    const present = status === 'held' ? (said.roster ?? []).filter((one) => one.status === 'present') : [];
    const once = present.filter((one, index) => present.findIndex(({ participantId }) => participantId === one.participantId) === index);
    this.groups.set(said.activityId, status === 'held' ? (said.groups ?? []).map(({ participantIds }) => participantIds) : []);
    this.presence.set(said.activityId, once.map(({ participantId, side }) => ({ intervention: said.interventionId, participant: participantId, side })));
  }

  private planned({ activityId, groups }: scheduling.GroupsFormed): void {
    this.roles.set(activityId, groups.flatMap(({ roles }) => roles));
  }

  private participant(name: string, { participantId, interventionId, side }: registry.ParticipantEnrolled): void {
    const known = this.participants.get(participantId);
    if (name === 'ParticipantEnrolled') this.participants.set(participantId, { intervention: known?.intervention ?? interventionId, side, withdrawn: false });
    else if (known) known.withdrawn = true;
  }

  private submission({ roundId, respondent, interventionId, wave, answersInRound }: evaluation.SurveySubmitted): void {
    const known = this.respondents.get(`${roundId}/${respondent}`);
    this.respondents.set(`${roundId}/${respondent}`, { intervention: interventionId, wave, respondent, answers: Math.max(known?.answers ?? 0, answersInRound) });
  }

  private flag(name: string, { flagId, rule, status, severity }: risk.RiskFlagged): void {
    const known = this.flags.get(flagId);
    if (name === 'RiskFlagged') this.flags.set(flagId, { rule, status, severity });
    else if (known) known.status = { RiskAcknowledged: 'acknowledged', RiskResolved: 'resolved', RiskDismissed: 'dismissed' }[name] ?? '';
  }

  tables(): Record<string, Table> {
    return {
      months: [...this.months].map((key) => this.month(...(key.split('/') as [string, string]))),
      reach: this.reach(),
      participants: [...this.participants].map(([participant, row]) => ({ participant, ...row })),
      waves: this.waves(),
      estimates: [...this.estimates.values()].map(({ interventionId, item, wave, revision, n }) => ({ intervention: interventionId, item, wave, revision, n })),
      mixing: this.mixing(),
      sides: this.sides(),
      flags: [...this.flags].map(([flag, row]) => ({ flag, ...row })),
    };
  }

  private month(intervention: string, month: string): Record<string, unknown> {
    const inMonth = [...this.activities.values()].filter((activity) => activity.intervention === intervention && activity.month === month);
    const held = inMonth.filter(({ status }) => status === 'held');
    const count = (status: string): number => inMonth.filter((activity) => activity.status === status).length;
    const starts = held.flatMap(({ startsAt }) => (startsAt ? [startsAt.getTime()] : []));
    const seen = [0, 1, 2, 3].map((which) => held.flatMap(({ conditions }) => conditions[which] ?? []));
    return {
      intervention, month, planned: inMonth.length - count('cancelled'), held: held.length, unrecorded: count('unrecorded'), did_not_happen: count('did-not-happen'), cancelled: count('cancelled'),
      first: starts.length > 0 ? Math.min(...starts) : null, last: starts.length > 0 ? Math.max(...starts) : null,
      sums: seen.map((values) => values.reduce((sum, value) => sum + value, 0)), counts: seen.map((values) => values.length),
    };
  }

  private reach(): Table {
    const presences = [...this.presence.values()].flat();
    const places = new Set([...[...this.participants.values()], ...presences].map(({ intervention, side }) => `${intervention}/${side}`));
    return [...places].map((place) => {
      const [intervention, side] = place.split('/');
      const here = (one: { intervention: string; side: string }): boolean => one.intervention === intervention && one.side === side;
      return { intervention, side, enrolled: [...this.participants.values()].filter(here).length, reached: new Set(presences.filter(here).map(({ participant }) => participant)).size };
    });
  }

  private waves(): Table {
    const places = new Set([...this.respondents.values()].map(({ intervention, wave }) => `${intervention}/${wave}`));
    return [...places].map((place) => {
      const [intervention, wave] = place.split('/');
      const here = [...this.respondents.values()].filter((one) => one.intervention === intervention && one.wave === wave);
      return { intervention, wave, respondents: new Set(here.map(({ respondent }) => respondent)).size, answers: here.reduce((sum, { answers }) => sum + answers, 0) };
    });
  }

  private held(intervention: string, month: string): readonly string[] {
    return [...this.activities].filter(([, activity]) => activity.intervention === intervention && activity.status === 'held' && (month === '' || activity.month === month)).map(([id]) => id);
  }

  private sideIn(activity: string, participant: string): string | undefined {
    return this.presence.get(activity)?.find((one) => one.participant === participant)?.side;
  }

  /** Groups of people present, where there are two or more and people of both sides are in them. */
  private grouped(activity: string): readonly (readonly string[])[] {
    const groups = (this.groups.get(activity) ?? []).map((group) => group.filter((id) => this.sideIn(activity, id) !== undefined)).filter((group) => group.length > 0);
    return groups.length > 1 && new Set(groups.flat().map((id) => this.sideIn(activity, id))).size > 1 ? groups : [];
  }

  private pairs(activity: string): readonly string[] {
    return this.grouped(activity).flatMap((group) => group.flatMap((one) => group.filter((other) => one < other && this.sideIn(activity, one) !== this.sideIn(activity, other)).map((other) => `${one} ${other}`)));
  }

  private mixing(): Table {
    const whole = new Set([...this.months].map((key) => `${key.split('/')[0]}/`));
    return [...this.months, ...whole].flatMap((key) => {
      const [intervention = '', month = ''] = key.split('/');
      const activities = this.held(intervention, month).filter((id) => this.grouped(id).length > 0);
      if (activities.length === 0) return [];
      const groups = activities.flatMap((id) => this.grouped(id).map((group) => group.map((person) => this.sideIn(id, person))));
      const pairs = activities.flatMap((id) => this.pairs(id));
      return [{ intervention, month, activities: activities.length, groups: groups.length, cross_pairs: pairs.length, one_sided: groups.filter((group) => group.length > 1 && new Set(group).size === 1).length, pairs_met: new Set(pairs).size }];
    });
  }

  private sides(): Table {
    const whole = new Set([...this.months].map((key) => `${key.split('/')[0]}/`));
    return [...this.months, ...whole].flatMap((key) => {
      const [intervention = '', month = ''] = key.split('/');
      const held = this.held(intervention, month);
      const roles = held.flatMap((id) => this.roles.get(id) ?? []);
      const people = month === '' ? [] : held.filter((id) => this.grouped(id).length > 0).flatMap((id) => this.presence.get(id) ?? []);
      const sides = new Set([...roles, ...people].map(({ side }) => side));
      return [...sides].map((side) => ({
        intervention, month, side, people: new Set(people.filter((one) => one.side === side).map(({ participant }) => participant)).size,
        leads: roles.filter((one) => one.side === side && one.role === 'leader').length, roles: roles.filter((one) => one.side === side).length,
      }));
    });
  }
}
