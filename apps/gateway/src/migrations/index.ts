import { messagingMigrations } from '@common-ground/messaging';
import { baseMigrations, type Migration } from '@common-ground/persistence';

export const gatewayMigrations: readonly Migration[] = [...baseMigrations, ...messagingMigrations];
