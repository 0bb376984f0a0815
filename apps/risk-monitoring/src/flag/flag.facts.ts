import { Facts, type risk } from '@common-ground/contracts';
import type { NewFact } from '@common-ground/messaging';
import { severityOf } from './domain/flag.js';
import type { KeptEvidence } from './evidence.repository.js';
import type { Flag } from './flag.repository.js';

/** Evidence as it travels, in facts and in answers. */
export const toldEvidence = ({ factId, kind, subject, observedAt, figures, terms }: KeptEvidence): risk.Evidence => ({
  factId,
  kind,
  subject,
  observedAt,
  figures: { ...figures },
  terms: { ...terms },
});

const about = (flag: Flag, quiet: boolean): Omit<NewFact, 'type' | 'data'> => ({
  key: flag.interventionId,
  subject: flag.id,
  sequence: flag.version,
  mission: flag.mission,
  quiet,
});

export type Telling = {
  readonly evidence: readonly KeptEvidence[];
  readonly opened: boolean;
  readonly inAppAlerts: ReadonlyArray<{ readonly alertId: string; readonly subscriber: string }>;
  readonly quiet: boolean;
};

export const encodeFlagged = (flag: Flag, { evidence, opened, inAppAlerts, quiet }: Telling): NewFact => ({
  ...about(flag, quiet),
  type: Facts.RiskFlagged.type,
  data: Facts.RiskFlagged.encode({
    mission: flag.mission,
    interventionId: flag.interventionId,
    flagId: flag.id,
    rule: flag.rule,
    subject: flag.subject,
    status: flag.status,
    likelihood: flag.likelihood,
    impact: flag.impact,
    severity: severityOf(flag),
    evidenceCount: flag.evidenceCount,
    latestEvidence: evidence.map(toldEvidence),
    openedAt: flag.openedAt,
    opened,
    inAppAlerts: inAppAlerts.map(({ alertId, subscriber }) => ({ alertId, subscriber })),
    revision: flag.version,
  }),
});

const CHANGES = { acknowledged: 'RiskAcknowledged', resolved: 'RiskResolved', dismissed: 'RiskDismissed' } as const;
export type ToldStatus = keyof typeof CHANGES;

/** The reason stays here: it is somebody's free text. */
export const encodeChange = (flag: Flag, status: ToldStatus, quiet: boolean): NewFact => {
  const codec = Facts[CHANGES[status]];
  return { ...about(flag, quiet), type: codec.type, data: codec.encode({ mission: flag.mission, interventionId: flag.interventionId, flagId: flag.id, rule: flag.rule }) };
};
