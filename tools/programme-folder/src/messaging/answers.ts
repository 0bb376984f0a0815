/** What the platform says, as GraphQL gives it; `--json` prints it as it is. */
export type Lag = {
  readonly services: readonly {
    readonly service: string;
    readonly unpublished: number;
    readonly oldestUnpublishedSeconds: number;
    readonly consumers: readonly { readonly consumer: string; readonly facts: number | null; readonly seconds: number | null; readonly parkedFacts: number; readonly parkedKeys: number; readonly redeliveries: number; readonly rebuilding: boolean }[];
  }[];
  readonly away: readonly string[];
};

export type Fact = {
  readonly id: string;
  readonly consumer: string;
  readonly key: string | null;
  readonly verdict: string;
  readonly reason: string;
  readonly attempts: number;
  readonly parkedAt: string;
  readonly factId: string | null;
  readonly type: string | null;
  readonly position: string;
};

export type Parked = { readonly facts: readonly Fact[]; readonly totalCount: number; readonly away: readonly string[] };
export type Action = { readonly at: string; readonly actor: string; readonly action: string; readonly reason: string };

export type Details = {
  readonly id: string;
  readonly state: string;
  readonly fact: Fact | null;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly content: string | null;
  readonly bytes: number;
  readonly history: readonly Action[];
};

export type Release = { readonly consumer: string; readonly key: string | null; readonly applied: number; readonly left: number; readonly heldBy: string | null; readonly heldByReason: string | null };

export type Replay = {
  readonly commandId: string;
  readonly consumer: string;
  readonly from: string;
  readonly state: string;
  readonly read: number;
  readonly applied: number;
  readonly skipped: number;
  readonly ignored: number;
  readonly parked: number;
  readonly why: string | null;
  readonly actor: string;
  readonly begunAt: string;
  readonly endedAt: string | null;
};

export type Answer =
  | ({ readonly command: 'lag' } & Lag)
  | ({ readonly command: 'parked' } & Parked)
  | ({ readonly command: 'show' } & Details)
  | { readonly command: 'retry'; readonly id?: string; readonly state?: string; readonly key?: string; readonly releases: readonly Release[]; readonly away: readonly string[] }
  | { readonly command: 'discard'; readonly id: string; readonly discarded: Action; readonly release: Release }
  | ({ readonly command: 'replay' } & Replay);

/** Done, or not wholly: a service did not answer, a fact failed again, a replay did not come to its end. */
export const isDone = (answer: Answer): boolean => {
  if (answer.command === 'replay') return answer.state === 'DONE';
  if (answer.command === 'retry') return answer.away.length === 0 && answer.releases.every(({ heldBy }) => heldBy === null);
  if (answer.command === 'discard') return answer.release.heldBy === null;
  return !('away' in answer) || answer.away.length === 0;
};
