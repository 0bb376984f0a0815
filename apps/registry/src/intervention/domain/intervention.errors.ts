import { DomainError } from '@common-ground/kernel';

export const interventionUnknown = (path: readonly string[]): DomainError =>
  new DomainError('not-found', 'INTERVENTION_UNKNOWN', 'There is no such intervention in your scope; check its id.', { path });

export const interventionExists = (path: 'id' | 'code', value: string): DomainError =>
  new DomainError('conflict', path === 'id' ? 'INTERVENTION_ID_TAKEN' : 'INTERVENTION_CODE_TAKEN', `An intervention with the ${path} ${value} is there already; choose another ${path}.`, { path: [path] });

export const sideInUse = (side: string): DomainError =>
  new DomainError('conflict', 'SIDE_IN_USE', `People are enrolled on the side ${side}; keep it among the sides.`, { path: ['sides'] });

export const designInUse = (design: string): DomainError =>
  new DomainError('conflict', 'DESIGN_IN_USE', `People are enrolled whose arms and clusters do not fit the design ${design}; keep the design they were enrolled under.`, { path: ['design'] });
