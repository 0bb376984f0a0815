import { type Role, ROLES } from '@common-ground/kernel';

/** Who may do what here; asked at the door and again in each use case, with row-level security underneath. */
export const MAY_REGISTER_MISSIONS: readonly Role[] = ['administrator'];
export const MAY_RUN_PROGRAMMES: readonly Role[] = ['administrator', 'mission-officer'];
/** Missions and interventions; each within their scope. */
export const MAY_READ: readonly Role[] = ROLES;
/** Headquarters and monitoring staff never see a person's row; facilitators see those of their own interventions. */
export const MAY_SEE_PARTICIPANTS: readonly Role[] = ['administrator', 'mission-officer', 'facilitator'];
