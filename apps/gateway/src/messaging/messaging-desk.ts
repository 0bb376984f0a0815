import { Inject, Injectable } from '@nestjs/common';
import type { operations } from '@common-ground/contracts';
import { type Caller, DomainError, isDomainError, requireRole, shown } from '@common-ground/kernel';
import { MAY_OPERATE, Operations } from '@common-ground/messaging';
import type { CallContext, GrpcClient } from '@common-ground/platform';
import { Services } from '../services/services.js';

/** One service's door for operators: over the wire, or this process's own. */
type Hand = Omit<GrpcClient<typeof operations.OperationsServiceService>, 'close'>;
export type Asking = { readonly caller: Caller; readonly call: CallContext };
/** What services said, and which did not answer. */
type Heard<T> = { readonly answers: readonly T[]; readonly away: readonly string[] };

export type ParkedPage = { readonly facts: readonly operations.ParkedFact[]; readonly totalCount: number; readonly hasNextPage: boolean; readonly away: readonly string[] };
export type ParkedWanted = { readonly consumer: string; readonly key: string; readonly first: number; readonly after: string };

const OWN = 'gateway';
/** An operator looks when things are bad: who does not answer is named soon. */
const PATIENCE_MS = 6_000;
/** Longer than a service works on one command. */
const ACTING_MS = 9_000;

/** One place to see and move the messaging of all services, this one among them. Administrators, here and again in each service. */
@Injectable()
export class MessagingDesk {
  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(Operations) private readonly own: Operations,
  ) {}

  async lag(asking: Asking): Promise<{ services: readonly operations.GetLagResponse[]; away: readonly string[] }> {
    const { answers, away } = await this.askAll(asking, this.names(), (hand, call) => hand.getLag({}, call));
    return { services: answers, away };
  }

  /** Oldest first within a service, services by name. */
  async parked({ consumer, key, first, after }: ParkedWanted, asking: Asking): Promise<ParkedPage> {
    const names = consumer === '' ? this.names() : [this.serviceOf(consumer)];
    const start = after === '' ? '' : this.ownerOf(after, 'after');
    const { answers, away } = await this.askAll(asking, names, async (hand, call, name) => {
      // A service before the cursor has been read; it only says how many it has.
      const wanted = name < start ? { first: 1, after: '' } : { first, after: name === start ? after : '' };
      const { facts, hasMore, totalCount } = await hand.listParkedFacts({ consumer, key, ...wanted }, call);
      return name < start ? { facts: [], hasMore: false, totalCount } : { facts, hasMore, totalCount };
    });
    const facts = answers.flatMap((answer) => answer.facts);
    return {
      facts: facts.slice(0, first),
      totalCount: answers.reduce((sum, { totalCount }) => sum + totalCount, 0),
      hasNextPage: facts.length > first || answers.some(({ hasMore }) => hasMore),
      away,
    };
  }

  fact(id: string, asking: Asking): Promise<operations.GetParkedFactResponse> {
    return this.ask(this.ownerOf(id), asking, (hand, call) => hand.getParkedFact({ id }, call));
  }

  retryFact(request: operations.RetryParkedFactRequest, asking: Asking): Promise<operations.RetryParkedFactResponse> {
    return this.ask(this.ownerOf(request.id), asking, (hand, call) => hand.retryParkedFact(request, call));
  }

  /** @throws DomainError `KEY_UNKNOWN` when no service ever held a fact of the key back */
  async retryKey(request: operations.RetryParkedKeyRequest, asking: Asking): Promise<{ releases: readonly operations.Release[]; away: readonly string[] }> {
    const names = request.consumer === '' ? this.names() : [this.serviceOf(request.consumer)];
    const { answers, away } = await this.askAll(asking, names, (hand, call) => hand.retryParkedKey(request, call), ACTING_MS);
    if (away.length === 0 && !answers.some(({ known }) => known)) {
      throw new DomainError('not-found', 'KEY_UNKNOWN', `No fact of the key ${shown(request.key)} is or was parked; a key is the id of an intervention or the code of a mission, as the list of parked facts shows it.`, { path: ['key'] });
    }
    return { releases: answers.flatMap(({ releases }) => releases), away };
  }

  discardFact(request: operations.DiscardParkedFactRequest, asking: Asking): Promise<operations.DiscardParkedFactResponse> {
    return this.ask(this.ownerOf(request.id), asking, (hand, call) => hand.discardParkedFact(request, call));
  }

  replay(request: operations.ReplayConsumerRequest, asking: Asking): Promise<operations.ReplayConsumerResponse> {
    return this.ask(this.serviceOf(request.consumer), asking, (hand, call) => hand.replayConsumer(request, call));
  }

  lastReplay(consumer: string, asking: Asking): Promise<operations.GetReplayResponse> {
    return this.ask(this.serviceOf(consumer), asking, (hand, call) => hand.getReplay({ consumer }, call));
  }

  private names(): string[] {
    return [...this.services.operations.keys(), OWN].sort();
  }

  private handOf(name: string, { caller }: Asking): Hand {
    return this.services.operations.get(name) ?? ownHand(this.own, caller);
  }

  private async ask<T>(name: string, asking: Asking, work: (hand: Hand, call: CallContext) => Promise<T>): Promise<T> {
    requireRole(asking.caller, ...MAY_OPERATE);
    return work(this.handOf(name, asking), asking.call);
  }

  private async askAll<T>(asking: Asking, names: readonly string[], work: (hand: Hand, call: CallContext, name: string) => Promise<T>, deadlineMs = PATIENCE_MS): Promise<Heard<T>> {
    requireRole(asking.caller, ...MAY_OPERATE);
    const away: string[] = [];
    const answers = await Promise.all(
      names.map(async (name) => {
        try {
          return [await work(this.handOf(name, asking), { ...asking.call, deadlineMs }, name)];
        } catch (error) {
          if (!isDomainError(error) || error.kind !== 'unavailable') throw error;
          away.push(name);
          return [];
        }
      }),
    );
    return { answers: answers.flat(), away: away.sort() };
  }

  /** `scheduling:42` is scheduling's. */
  private ownerOf(id: string, field = 'id'): string {
    const [, name = ''] = /^([a-z-]+):\d{1,18}$/.exec(id) ?? [];
    if (this.names().includes(name)) return name;
    throw new DomainError('invalid', 'PARKED_ID_INVALID', `${shown(id)} is no id of a parked fact; ids are as scheduling:42, and the list of parked facts shows them.`, { path: [field] });
  }

  /** Consumers are named after their service; the gateway has one for each model of the portfolio. */
  private serviceOf(consumer: string): string {
    const name = this.names().find((service) => consumer === service || consumer.startsWith(`${service}-`));
    if (name !== undefined) return name;
    throw new DomainError('not-found', 'CONSUMER_UNKNOWN', `There is no consumer ${shown(consumer)}; the lag lists them all.`, { path: ['consumer'] });
  }
}

const ownHand = (own: Operations, caller: Caller): Hand => ({
  getLag: () => own.getLag(caller),
  listParkedFacts: (request) => own.listParkedFacts(request, caller),
  getParkedFact: (request) => own.getParkedFact(request, caller),
  retryParkedFact: (request) => own.retryParkedFact(request, caller),
  retryParkedKey: (request) => own.retryParkedKey(request, caller),
  discardParkedFact: (request) => own.discardParkedFact(request, caller),
  replayConsumer: (request) => own.replayConsumer(request, caller),
  getReplay: (request) => own.getReplay(request, caller),
});
