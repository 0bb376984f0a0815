/**
 * What waits for one reader, each thing once. Bounded: one who reads so slowly that `most` things wait is cut off,
 * and finds what was missed by asking when coming back.
 */
export class InboxOfOne<T> {
  private readonly waiting = new Set<T>();
  private wake: (() => void) | undefined;
  private ended = false;

  constructor(private readonly most = 1_000) {}

  /** @returns false when the reader was cut off */
  add(thing: T): boolean {
    if (this.ended) return false;
    this.waiting.add(thing);
    if (this.waiting.size > this.most) this.end();
    else this.wake?.();
    return !this.ended;
  }

  end(): void {
    this.ended = true;
    this.waiting.clear();
    this.wake?.();
  }

  /** Everything that waits, as soon as something does; empty after `patienceMs` of nothing, undefined at the end. */
  async take(patienceMs: number): Promise<T[] | undefined> {
    if (this.waiting.size === 0 && !this.ended) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, patienceMs);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.wake = undefined;
    }
    if (this.ended) return undefined;
    const things = [...this.waiting];
    this.waiting.clear();
    return things;
  }
}
