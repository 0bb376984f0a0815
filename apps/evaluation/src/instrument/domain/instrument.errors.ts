import { DomainError } from '@common-ground/kernel';

export const instrumentIdTaken = (): DomainError => new DomainError('conflict', 'INSTRUMENT_ID_TAKEN', 'An instrument with this id is there already; make a new id.', { path: ['id'] });

export const instrumentUnknown = (): DomainError =>
  new DomainError('not-found', 'INSTRUMENT_UNKNOWN', "There is no such instrument in the intervention's mission; publish it first, or check its id.", { path: ['instrumentId'] });
