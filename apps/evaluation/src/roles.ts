import { type Role, ROLES } from '@common-ground/kernel';

/** Who may do what here; asked at the door and again in each use case, with row-level security underneath. */
export const MAY_RUN_SURVEYS: readonly Role[] = ['administrator', 'mission-officer'];
/** Instruments and rounds, which hold counts only; each within their scope. */
export const MAY_READ: readonly Role[] = ROLES;
/** Estimates speak of groups. Single answers are shown to nobody: there is no way to ask for them. */
export const MAY_READ_ESTIMATES: readonly Role[] = ['administrator', 'hq-analyst', 'monitoring-officer', 'mission-officer'];
/** Studies from outside belong to no mission: who answers for all of them records one. */
export const MAY_RECORD_STUDIES: readonly Role[] = ['administrator', 'hq-analyst'];
