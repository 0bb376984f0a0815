import { DomainError } from '@common-ground/kernel';

export const missionUnknown = (): DomainError => new DomainError('not-found', 'MISSION_UNKNOWN', 'There is no such mission in your scope; check its code.', { path: ['mission'] });

export const interventionUnknown = (): DomainError =>
  new DomainError('not-found', 'INTERVENTION_UNKNOWN', 'There is no such intervention in your scope; check its id.', { path: ['interventionId'] });
