import type { Caller } from '@common-ground/kernel';
import type { CallContext } from '@common-ground/platform';
import type { Loaders } from '../services/loaders.js';
import type { Services } from '../services/services.js';

/** What every resolver gets: who asks, the services, and loaders of this operation alone. */
export type GatewayContext = {
  readonly caller: Caller;
  readonly call: CallContext;
  readonly services: Services;
  readonly loaders: Loaders;
};
