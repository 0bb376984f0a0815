import { DomainError } from '@common-ground/kernel';

/** This slice's refusals. */
export const flagErrors = {
  unknown: () => new DomainError('not-found', 'FLAG_UNKNOWN', 'There is no such flag that you can see.', { path: ['flagId'] }),
  statusRefused: (command: string, status: string, from: readonly string[]) =>
    new DomainError(
      'conflict',
      'FLAG_STATUS_REFUSED',
      `A flag that is ${status} cannot be changed this way (${command}); it must be ${from.join(' or ')}.`,
      { path: ['flagId'], status },
    ),
  reasonMissing: (command: string) =>
    new DomainError('invalid', 'REASON_MISSING', `Say in "reason" why you ${command} this flag.`, { path: ['reason'] }),
};
