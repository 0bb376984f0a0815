import { randomUUID } from 'node:crypto';
import { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import { DataSource, EntitySchema } from 'typeorm';
import { heldFact, type SentRecord, storedRecord } from './held-fact.js';
import { serve } from './serve.js';

type ActivityRow = { id: string; mission: string; intervention_id: string; status: string; record: object | null; recorded_at: Date | null; version: number };
type OutboxRow = { id?: string; fact_id: string; type: string; key: string; subject: string; sequence: number; mission: string; quiet: boolean; data: Buffer };

const Activity = new EntitySchema<ActivityRow>({
  name: 'activity',
  columns: { id: { type: 'uuid', primary: true }, mission: { type: 'text' }, intervention_id: { type: 'uuid' }, status: { type: 'text' }, record: { type: 'jsonb', nullable: true }, recorded_at: { type: 'timestamptz', nullable: true }, version: { type: 'integer' } },
});
const Outbox = new EntitySchema<OutboxRow>({
  name: 'outbox',
  columns: { id: { type: 'bigint', primary: true, generated: 'increment' }, fact_id: { type: 'uuid' }, type: { type: 'text' }, key: { type: 'text' }, subject: { type: 'text' }, sequence: { type: 'bigint' }, mission: { type: 'text' }, quiet: { type: 'boolean' }, data: { type: 'bytea' } },
});

const source = await new DataSource({ type: 'postgres', url: process.env['DATABASE_URL'] as string, entities: [Activity, Outbox], synchronize: false, installExtensions: false, poolSize: 10 }).initialize();

const typeDefs = `#graphql
  enum AttendanceStatus { PRESENT ABSENT EXCUSED }
  input RosterEntryInput { participantId: ID! status: AttendanceStatus! }
  input HeldGroupInput { name: String! participantIds: [ID!]! }
  input ContactConditionsInput { equalStatus: Int commonGoal: Int cooperation: Int supportOfAuthorities: Int }
  input HeldRecordInput { activityId: ID! roster: [RosterEntryInput!] groups: [HeldGroupInput!] conditions: ContactConditionsInput }
  input RecordActivityHeldInput { commandId: ID! intervention: Int record: HeldRecordInput! }
  type Activity { id: ID! status: String! version: Int! }
  type UserError { code: String! message: String! }
  type RecordActivityHeldPayload { activity: Activity errors: [UserError!]! }
  type Query { nothing: Int }
  type Mutation { recordActivityHeld(input: RecordActivityHeldInput!): RecordActivityHeldPayload! }
`;

type Input = { readonly intervention: number; readonly record: SentRecord };

const recordHeld = (_: unknown, { input: { intervention, record } }: { readonly input: Input }) =>
  source.transaction(async (manager) => {
    const activity = await manager.findOneByOrFail(Activity, { id: record.activityId });
    Object.assign(activity, { status: 'held', record: JSON.parse(storedRecord(intervention, record)) as object, recorded_at: new Date(), version: activity.version + 1 });
    await manager.save(Activity, activity);
    await manager.save(Outbox, { fact_id: randomUUID(), type: 'commonground.scheduling.v1.ActivityHeld', key: activity.intervention_id, subject: activity.id, sequence: activity.version, mission: activity.mission, quiet: false, data: Buffer.from(heldFact(intervention, record)) });
    return { activity: { id: activity.id, status: 'HELD', version: activity.version }, errors: [] };
  });

const apollo = new ApolloServer({ typeDefs, resolvers: { Mutation: { recordActivityHeld: recordHeld } } });
await apollo.start();
await serve((app) => {
  app.post('/graphql', fastifyApolloHandler(apollo));
});
