/** Where a process may be made to kill itself. Nothing of this is in the code that is tested: it sits in what is wrapped around it. */
export type Place =
  /** State and outbox are written, and COMMIT is not sent. */
  | 'before-commit'
  /** The server has said that it is committed; whoever asked has not heard. */
  | 'after-commit'
  /** The relay has read facts and sent none. */
  | 'before-publish'
  /** Some facts of a batch lie in the log, and some do not. */
  | 'within-batch'
  /** The log has taken the batch, and it is not marked. */
  | 'after-publish'
  /** Effect and inbox row of a consumer are written, and COMMIT is not sent. */
  | 'before-effect'
  /** The effect is committed, and the position has not moved. */
  | 'after-effect'
  /** The same two in the portfolio. */
  | 'before-fold'
  | 'after-fold'
  /** A statement of the fold into a new model. */
  | 'rebuild-fold'
  /** A step of taking the new model in and the old one away. */
  | 'rebuild-swap';

/** The six of them that are proven, each with the places that it stands for and how often a place is passed, at least, in one round. */
export const FAILPOINTS = {
  'before a commit': { victim: 'writer', places: { 'before-commit': 12 } },
  'after a commit, before it is published': { victim: 'writer', places: { 'after-commit': 12, 'before-publish': 3 } },
  'after publishing, before it is marked': { victim: 'writer', places: { 'after-publish': 3 } },
  'in the middle of a batch of the relay': { victim: 'writer', places: { 'within-batch': 2 } },
  'after the effect, before the position moves': { victim: 'readers', places: { 'before-effect': 4, 'after-effect': 4, 'before-fold': 2, 'after-fold': 2 } },
  'in the middle of a rebuild': { victim: 'readers', places: { 'rebuild-fold': 12, 'rebuild-swap': 16 } },
} as const satisfies Record<string, { readonly victim: 'writer' | 'readers'; readonly places: Partial<Record<Place, number>> }>;
export type FailpointName = keyof typeof FAILPOINTS;

export type Arming = { readonly place: Place; /** The how-manieth passing is the last. */ readonly at: number };

export class Failpoint {
  private armed: Arming | undefined;
  private passed = 0;

  arm(arming: Arming): void {
    this.armed = arming;
    this.passed = 0;
  }

  /** Does not return when this is the place and the time. */
  reach(place: Place): void {
    if (this.armed?.place !== place) return;
    this.passed += 1;
    if (this.passed < this.armed.at) return;
    process.kill(process.pid, 'SIGKILL');
    // The signal is on its way; not one more line may run before it lands.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }

  isArmedAt(place: Place): boolean {
    return this.armed?.place === place;
  }
}
