import type { Role } from '@common-ground/kernel';

/** Who may do what here; asked at the door and again in each use case, with row-level security underneath. */
export const MAY_HANDLE_FLAGS: readonly Role[] = ['administrator', 'monitoring-officer', 'mission-officer'];
export const MAY_READ_FLAGS: readonly Role[] = [...MAY_HANDLE_FLAGS, 'hq-analyst'];
/** Monitoring staff everywhere, mission officers in their own missions. */
export const MAY_CONFIGURE_RULES: readonly Role[] = MAY_HANDLE_FLAGS;
export const MAY_SUBSCRIBE: readonly Role[] = MAY_HANDLE_FLAGS;
