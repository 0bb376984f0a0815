type Bucket = { tokens: number; at: number };

const MOST_BUCKETS = 50_000;

/** Lets each key do `perSecond` things a second for long, and `burst` at once. Memory is bounded: the longest unused are forgotten. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @returns false when the key has used up what it may */
  take(key: string): boolean {
    const at = this.now();
    const before = this.buckets.get(key) ?? { tokens: this.burst, at };
    const tokens = Math.min(this.burst, before.tokens + ((at - before.at) / 1000) * this.perSecond);
    const allowed = tokens >= 1;
    this.buckets.delete(key);
    this.buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at });
    if (this.buckets.size > MOST_BUCKETS) this.forgetOldest();
    return allowed;
  }

  private forgetOldest(): void {
    const [oldest] = this.buckets.keys();
    if (oldest !== undefined) this.buckets.delete(oldest);
  }
}
