import { DomainError } from '@common-ground/kernel';

export const roundUnknown = (): DomainError => new DomainError('not-found', 'ROUND_UNKNOWN', 'There is no such survey round in your scope; check its id.', { path: ['roundId'] });

export const roundIdTaken = (): DomainError => new DomainError('conflict', 'ROUND_ID_TAKEN', 'A survey round with this id is there already; make a new id.', { path: ['id'] });

export const roundCodeOpen = (code: string): DomainError =>
  new DomainError('conflict', 'ROUND_CODE_OPEN', `A survey round ${code} is open in this intervention; close it first, or choose another code.`, { path: ['code'] });
