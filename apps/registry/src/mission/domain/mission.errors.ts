import { DomainError } from '@common-ground/kernel';

export const missionExists = (mission: string): DomainError =>
  new DomainError('conflict', 'MISSION_EXISTS', `The mission ${mission} is registered already; choose another code.`, { path: ['mission'] });

export const missionUnknown = (mission: string): DomainError =>
  new DomainError('not-found', 'MISSION_UNKNOWN', `There is no mission ${JSON.stringify(mission.slice(0, 40))} in your scope; check its code.`, { path: ['mission'] });
