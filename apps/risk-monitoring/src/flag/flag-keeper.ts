import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { appendToOutbox, type Fact, type FactContext } from '@common-ground/messaging';
import type { Transaction } from '@common-ground/persistence';
import { raiseAlerts } from '../alert/alert.repository.js';
import { CLOCK, type Clock } from '../clock.js';
import { findInterventionCode } from '../programme/programme.repository.js';
import type { Rule } from '../rule/domain/rule.js';
import { alreadyAnswered, heavier, severityOf, weigh } from './domain/flag.js';
import type { Evidence, Finding } from './domain/finding.js';
import { findAnswered, hasEvidence, keepEvidence, latestEvidence } from './evidence.repository.js';
import { encodeFlagged } from './flag.facts.js';
import { type Flag, type FlagKey, insertFlag, lockLiveFlag, updateFlag } from './flag.repository.js';

type Source = { readonly fact: Fact<{ readonly mission: string; readonly interventionId: string }>; readonly context: FactContext };

/** Turns findings into flags: one live flag per intervention, rule and subject, however often and wherever something is found. */
@Injectable()
export class FlagKeeper {
  constructor(@Inject(CLOCK) private readonly clock: Clock) {}

  /** Opens a flag, or adds to the one that is live. What closing a flag has answered opens none. */
  async absorb(rule: Rule, finding: Finding, source: Source): Promise<void> {
    const { tx } = source.context;
    const key: FlagKey = { interventionId: source.fact.data.interventionId, rule: finding.rule, subjectKey: finding.subjectKey };
    const live = await lockLiveFlag(tx, key);
    if (live) return this.grow(live, finding.evidence, { rule, ...source }, mayAlert(live, source));
    if (alreadyAnswered(await findAnswered(tx, key, finding.evidence.sourceKey), finding.evidence)) return;
    if (await this.open(key, finding, { rule, ...source })) return;
    const opened = await lockLiveFlag(tx, key);
    if (!opened) throw new Error('A flag was opened and closed beside this one; trying again settles it.');
    await this.grow(opened, finding.evidence, { rule, ...source }, mayAlert(opened, source));
  }

  /** Adds a word to a live flag that already has evidence from `sourceKey`; opens nothing. */
  async addTo(sourceKey: string, rule: Rule, finding: Finding, source: Source): Promise<void> {
    const live = await lockLiveFlag(source.context.tx, { interventionId: source.fact.data.interventionId, rule: finding.rule, subjectKey: finding.subjectKey });
    if (live && (await hasEvidence(source.context.tx, live.id, sourceKey))) await this.grow(live, finding.evidence, { rule, ...source });
  }

  /** @returns false when another transaction opened it first */
  private async open(key: FlagKey, { evidence }: Finding, { rule, fact, context }: Source & { rule: Rule }): Promise<boolean> {
    const { tx, quiet } = context;
    const now = this.clock.now();
    const { mission } = fact.data;
    const flag: Flag = {
      ...key,
      ...weigh(rule, 1),
      id: randomUUID(),
      mission,
      subject: await this.subjectOf(tx, key),
      status: 'open',
      evidenceCount: 1,
      openedAt: now,
      changedAt: now,
      reason: '',
      version: 1,
      untold: false,
      untoldQuiet: false,
      quietSoFar: quiet,
    };
    if (!(await insertFlag(tx, flag))) return false;
    await keepEvidence(tx, flag, evidence, fact.id);
    const alerts = quiet ? [] : await raiseAlerts(tx, { ...flag, flagId: flag.id, severity: severityOf(flag), raisedAt: now, acceptedAt: fact.time });
    const inAppAlerts = alerts.filter(({ channel }) => channel === 'in-app');
    await appendToOutbox(tx, [encodeFlagged(flag, { evidence: [{ ...evidence, flagId: flag.id, factId: fact.id }], opened: true, inAppAlerts, quiet })]);
    return true;
  }

  /** Evidence beyond the first is told later, in one fact for all that came meanwhile, and alerts nobody; unless nothing has been said aloud before. */
  private async grow(flag: Flag, evidence: Evidence, { rule, fact, context: { tx, quiet } }: Source & { rule: Rule }, alerting = false): Promise<void> {
    const became = await keepEvidence(tx, flag, evidence, fact.id);
    if (became === 'known') return;
    const evidenceCount = flag.evidenceCount + (became === 'added' ? 1 : 0);
    const grown: Flag = {
      ...flag,
      ...heavier(flag, weigh(rule, evidenceCount)),
      subject: await this.subjectOf(tx, flag),
      evidenceCount,
      changedAt: this.clock.now(),
      untold: true,
      untoldQuiet: quiet && (flag.untoldQuiet || !flag.untold),
    };
    if (alerting) await alertNow(tx, grown, fact.time);
    else await updateFlag(tx, grown);
  }

  private async subjectOf(tx: Transaction, { interventionId, subjectKey }: FlagKey): Promise<string> {
    return subjectKey === '' ? ((await findInterventionCode(tx, interventionId)) ?? interventionId) : subjectKey;
  }
}

/** What an import found quietly and goes on for all to see is news to everybody, once; but not to who has seen the flag and said so. */
const mayAlert = (live: Flag, { context: { quiet } }: Source): boolean => live.quietSoFar && !quiet && live.status === 'open';

const alertNow = async (tx: Transaction, grown: Flag, acceptedAt: Date): Promise<void> => {
  const flag: Flag = { ...grown, version: grown.version + 1, untold: false, untoldQuiet: false, quietSoFar: false };
  await updateFlag(tx, flag);
  const evidence = await latestEvidence(tx, [flag.id]);
  const alerts = await raiseAlerts(tx, { ...flag, flagId: flag.id, severity: severityOf(flag), raisedAt: flag.changedAt, acceptedAt });
  const inAppAlerts = alerts.filter(({ channel }) => channel === 'in-app');
  await appendToOutbox(tx, [encodeFlagged(flag, { evidence: evidence.get(flag.id) ?? [], opened: false, inAppAlerts, quiet: false })]);
};

/** Tells flags whose evidence grew; in the caller's transaction, as its last statement. */
export const tellGrowth = async (tx: Transaction, flags: readonly Flag[]): Promise<void> => {
  if (flags.length === 0) return;
  const told = flags.map((flag): Flag => ({ ...flag, version: flag.version + 1, untold: false, untoldQuiet: false }));
  for (const flag of told) await updateFlag(tx, flag);
  const evidence = await latestEvidence(tx, told.map(({ id }) => id));
  const facts = told.map((flag, index) => encodeFlagged(flag, { evidence: evidence.get(flag.id) ?? [], opened: false, inAppAlerts: [], quiet: flags[index]?.untoldQuiet ?? false }));
  await appendToOutbox(tx, facts);
};
