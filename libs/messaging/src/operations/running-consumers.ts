import type { FactConsumer } from '../consumer/fact-consumer.js';
import type { FactTransport } from '../nest/fact-transport.js';

/** A consumer that runs in this process. */
export type RunningConsumer = {
  readonly group: string;
  readonly topics: readonly string[];
  readonly consumer: FactConsumer;
  /** It folds a model anew that nobody reads yet, so nobody is called when it is behind. */
  readonly rebuilding?: boolean;
};

/** Something that reads the log beside the service's own consumer. */
export type Follower = {
  /** Milliseconds since its last sign of life; 0 while it reads nothing. */
  heartbeatAgeMs(): number;
  consumers(): readonly RunningConsumer[];
};

/** The service's own consumer, and those of whoever reads beside it. */
export class RunningConsumers {
  private readonly followers: Follower[] = [];

  constructor(private readonly transport: FactTransport) {}

  add(follower: Follower): void {
    this.followers.push(follower);
  }

  all(): readonly RunningConsumer[] {
    const { group, topics, consumer } = this.transport;
    return [...(consumer ? [{ group, topics, consumer }] : []), ...this.followers.flatMap((follower) => follower.consumers())];
  }

  find(group: string): RunningConsumer | undefined {
    return this.all().find((one) => one.group === group);
  }

  /** The longest silence of any. */
  heartbeatAgeMs(): number {
    return Math.max(this.transport.heartbeatAgeMs(), ...this.followers.map((follower) => follower.heartbeatAgeMs()));
  }
}
