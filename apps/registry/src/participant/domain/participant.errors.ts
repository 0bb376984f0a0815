import { DomainError, type Refusal } from '@common-ground/kernel';

export const participantUnknown = (): DomainError =>
  new DomainError('not-found', 'PARTICIPANT_UNKNOWN', 'There is no such participant in your scope; check the id.', { path: ['participantId'] });

export const withdrawnAlready = (reason: string): DomainError =>
  new DomainError('conflict', 'PARTICIPANT_WITHDRAWN', `This person has left already, for the reason ${reason}.`, { path: ['reason'] });

const refusal = (code: string, message: string, ...path: string[]): Refusal => ({ code, message, path });

/** Why one row of a batch is refused. Paths are below the row. */
export const rowRefusals = {
  idTwice: (row: number) => refusal('ID_TWICE', `Row ${row} of this batch has this id already; make one id for each person.`, 'id'),
  codeTwice: (row: number) => refusal('CODE_TWICE', `Row ${row} of this batch has this code already; give each person their own.`, 'code'),
  codeTaken: () => refusal('CODE_TAKEN', 'Another person of this intervention has this code; give this one another.', 'code'),
  idTaken: () => refusal('ID_TAKEN', 'This id was used for someone else; make a new one.', 'id'),
  differs: (field: string) => refusal('PARTICIPANT_DIFFERS', `This person is enrolled already with another ${field}; enrolling does not change what is recorded.`, field),
  left: () => refusal('PARTICIPANT_WITHDRAWN', 'This person has left the intervention; who comes back gets a new code.', 'code'),
  sideUnknown: (sides: readonly string[]) => refusal('SIDE_UNKNOWN', `The sides of this intervention are ${sides.join(', ')}; give one of them.`, 'side'),
  armWithoutDesign: (field: string) => refusal('DESIGN_HAS_NO_ARMS', `The design of this intervention is none, so nobody has a${field === 'arm' ? 'n' : ''} ${field}; leave it out or revise the design first.`, field),
  armMissing: () => refusal('ARM_MISSING', 'The design of this intervention has arms; give treatment or comparison.', 'arm'),
  clusterMissing: () => refusal('CLUSTER_MISSING', 'Clusters were assigned to arms in this intervention; say which cluster this person belongs to.', 'cluster'),
  clusterWithoutDesign: () => refusal('DESIGN_HAS_NO_CLUSTERS', 'People were assigned one by one in this intervention; leave the cluster out.', 'cluster'),
  clusterInTwoArms: (cluster: string, arm: string) => refusal('CLUSTER_IN_TWO_ARMS', `The cluster ${cluster} is in the arm ${arm}; a cluster is assigned as a whole.`, 'arm'),
} as const;
