import { DomainError } from '@common-ground/kernel';

/** This slice's refusals beyond those of single fields. */
export const subscriptionErrors = {
  unknown: () => new DomainError('not-found', 'SUBSCRIPTION_UNKNOWN', 'You have no such subscription.', { path: ['subscriptionId'] }),
  idTaken: () => new DomainError('conflict', 'SUBSCRIPTION_ID_TAKEN', 'There is a subscription with this id already; make another id.', { path: ['id'] }),
  tooMany: (most: number) => new DomainError('conflict', 'TOO_MANY_SUBSCRIPTIONS', `You have ${most} subscriptions; cancel one first.`, { path: ['id'] }),
  emailOff: () => new DomainError('conflict', 'EMAIL_NOT_CONFIGURED', 'This installation sends no e-mail yet; choose another channel, or ask an administrator to set SMTP_URL.', { path: ['channel'] }),
};
