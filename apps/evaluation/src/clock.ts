import { type Clock, systemClock } from '@common-ground/kernel';

/** Injection token of the service's clock. */
export const CLOCK = Symbol('CLOCK');
export type { Clock };
export const clockProvider = { provide: CLOCK, useValue: systemClock };
