import type { Figures } from './portfolio-fold.js';

/** One change of one aggregate, as whoever sent the command knows it. */
export type Change = { readonly subject: string; readonly sequence: number; readonly type: string };
/** A row of the writer's outbox: what was committed. */
export type Committed = Change & { readonly factId: string };
/** A row that a consumer wrote, in the order it wrote them. */
export type Effect = { readonly factId: string; readonly subject: string; readonly sequence: number };

export type Observation = {
  /** Of commands that had been answered when the process died. */
  readonly acknowledged: readonly Change[];
  /** What the outbox held right after the death, before anybody sent anything again. */
  readonly committedAtDeath: readonly Committed[];
  /** Of every command, once all of them have been answered. */
  readonly journal: readonly Change[];
  readonly committed: readonly Committed[];
  readonly effects: Readonly<Record<string, readonly Effect[]>>;
  readonly portfolio: Figures;
  readonly folded: Figures;
  /** Since another process stood in the dead one's place. */
  readonly recoveryMs: number;
  readonly memoryMb: number;
};

/** I6 of docs/reliability.md gives 30 s. Every round tells what it took; a machine that runs much else beside the tests gets three times as long. */
export const RECOVERY_MS = 90_000;
/** A service's process idles at about 160 MB. */
export const MEMORY_MB = 512;
const SHOWN = 5;

const nameOf = ({ subject, sequence, type }: Change): string => `${type.slice(type.lastIndexOf('.') + 1)} ${subject} version ${sequence}`;

/** Names the first few and counts the rest. */
const those = (names: readonly string[]): string => `${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}`;
const breach = (invariant: string, says: string, names: readonly string[]): string[] => (names.length > 0 ? [`${invariant}: ${says}: ${those(names)}`] : []);

const repeated = (names: readonly string[]): string[] => {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
};

/** What of I1 to I6 does not hold; nothing when all of it does. */
export const breachesOf = (seen: Observation): string[] => [
  ...acknowledgedAndLost(seen),
  ...committedOnce(seen),
  ...Object.entries(seen.effects).flatMap(([group, effects]) => effectsOnce(group, effects, seen.committed)),
  ...figuresApart(seen.portfolio, seen.folded),
  ...(seen.recoveryMs > RECOVERY_MS ? [`I6: recovery took ${Math.round(seen.recoveryMs / 1000)} s`] : []),
  ...(seen.memoryMb > MEMORY_MB ? [`I6: a process holds ${seen.memoryMb} MB`] : []),
];

const acknowledgedAndLost = ({ acknowledged, committedAtDeath }: Observation): string[] => {
  const there = new Set(committedAtDeath.map(nameOf));
  return breach('I4', 'acknowledged and lost', acknowledged.map(nameOf).filter((name) => !there.has(name)));
};

/** The journal and the outbox say the same: nothing missing, nothing that was rolled back, nothing twice. */
const committedOnce = ({ journal, committed }: Observation): string[] => {
  const [told, stored] = [journal.map(nameOf), committed.map(nameOf)];
  const [asked, there] = [new Set(told), new Set(stored)];
  return [
    ...breach('I4', 'answered and not committed', told.filter((name) => !there.has(name))),
    ...breach('I4', 'committed and never asked for', stored.filter((name) => !asked.has(name))),
    ...breach('I2', 'committed twice', repeated(stored)),
  ];
};

const effectsOnce = (group: string, effects: readonly Effect[], committed: readonly Committed[]): string[] => {
  const names = new Map(committed.map((fact) => [fact.factId, nameOf(fact)]));
  const applied = new Set(effects.map(({ factId }) => factId));
  const latest = new Map<string, number>();
  const late = effects.filter(({ subject, sequence }) => {
    const before = latest.get(subject) ?? 0;
    latest.set(subject, Math.max(before, sequence));
    return sequence < before;
  });
  return [
    ...breach('I1', `never reached ${group}`, [...names].flatMap(([factId, name]) => (applied.has(factId) ? [] : [name]))),
    ...breach('I1', `reached ${group} and was never committed`, [...applied].filter((factId) => !names.has(factId))),
    ...breach('I2', `took effect twice in ${group}`, repeated(effects.map(({ factId }) => factId)).map((factId) => names.get(factId) ?? factId)),
    ...breach('I3', `came after a later version in ${group}`, late.map(({ factId }) => names.get(factId) ?? factId)),
  ];
};

const figuresApart = (portfolio: Figures, folded: Figures): string[] => {
  const rows = new Set([...Object.keys(portfolio), ...Object.keys(folded)]);
  const apart = [...rows].flatMap((row) => {
    const figures = new Set([...Object.keys(portfolio[row] ?? {}), ...Object.keys(folded[row] ?? {})]);
    return [...figures].flatMap((figure) => {
      const [shown, counted] = [portfolio[row]?.[figure], folded[row]?.[figure]];
      return shown === counted ? [] : [`${row} ${figure} is ${shown ?? 'missing'} and should be ${counted ?? 'missing'}`];
    });
  });
  return breach('I5', 'the portfolio is not the fold of the log', apart);
};
