import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaBuilderModule, GraphQLSchemaFactory } from '@nestjs/graphql';
import { runMain } from '@common-ground/platform';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { LiveResolver } from './live/live.resolver.js';
import { PortfolioResolver } from './portfolio/portfolio.resolver.js';
import { serviceResolvers } from './resolvers.js';

/** Writes schema.graphql from the resolvers' decorators alone: no server, no database, no service. */
runMain(async () => {
  const builder = await NestFactory.createApplicationContext(GraphQLSchemaBuilderModule, { logger: false });
  const schema = await builder.get(GraphQLSchemaFactory).create([...serviceResolvers, PortfolioResolver, LiveResolver]);
  await writeFile(join(import.meta.dirname, '../schema.graphql'), `${printSchema(lexicographicSortSchema(schema))}\n`);
  await builder.close();
});
