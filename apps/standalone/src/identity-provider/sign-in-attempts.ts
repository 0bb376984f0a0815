const WINDOW_MS = 5 * 60_000;
const MOST_FAILURES = 10;

/** Counts wrong passwords, so that they cannot be tried without end. Callers keep the number of `who` small. */
export class SignInAttempts {
  private readonly failures = new Map<string, number[]>();

  constructor(private readonly now: () => number = Date.now) {}

  isBlocked(who: string): boolean {
    return this.recent(who).length >= MOST_FAILURES;
  }

  fail(who: string): void {
    this.failures.set(who, [...this.recent(who), this.now()]);
  }

  private recent(who: string): number[] {
    return (this.failures.get(who) ?? []).filter((time) => time > this.now() - WINDOW_MS);
  }
}
