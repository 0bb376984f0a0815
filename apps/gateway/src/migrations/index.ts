import { messagingMigrations } from '@common-ground/messaging';
import { baseMigrations, type Migration } from '@common-ground/persistence';
import { portfolioMigrations } from '../portfolio/portfolio.migrations.js';

/** Everything the gateway's database is made of: inbox and parking, then the portfolio. */
export const gatewayMigrations: readonly Migration[] = [...baseMigrations, ...messagingMigrations, ...portfolioMigrations];
