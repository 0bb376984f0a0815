import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { type GraphQLObjectType, isEnumType, isInputObjectType, isNonNullType, isObjectType, lexicographicSortSchema, printSchema } from 'graphql';
import { type GatewayAtWork, gatewayAtWork } from './gateway.fixture.js';

const FILE = join(import.meta.dirname, '../schema.graphql');

describe('the schema', () => {
  let at: GatewayAtWork;
  beforeAll(async () => {
    at = await gatewayAtWork();
  });
  afterAll(() => at.stop());
  const schema = () => at.gateway.app.get(GraphQLSchemaHost, { strict: false }).schema;
  const fieldsOf = (type: GraphQLObjectType | null | undefined) => Object.values(type?.getFields() ?? {});

  it('is the one in schema.graphql; write it anew with UPDATE_SCHEMA=true', async () => {
    const text = `${printSchema(lexicographicSortSchema(schema()))}\n`;
    if (process.env['UPDATE_SCHEMA'] === 'true') await writeFile(FILE, text);
    expect(await readFile(FILE, 'utf8')).toBe(text);
  });

  it('gives every mutation one input with the client’s command id, and a payload with errors', () => {
    const mutations = fieldsOf(schema().getMutationType());
    expect(mutations.map(({ name }) => name).sort()).toEqual(
      [
        ...['registerMission', 'designIntervention', 'reviseIntervention', 'enrolParticipants', 'withdrawParticipant'],
        ...['planActivities', 'rescheduleActivity', 'cancelActivity', 'recordActivityHeld', 'recordActivitiesHeld', 'recordActivityDidNotHappen', 'correctActivity'],
        ...['formGroups', 'formSeriesGroups', 'moveParticipant', 'regroupActivity', 'assignRoles', 'assignFacilitators', 'startPairing', 'checkInPairing', 'endPairing'],
        ...['publishInstrument', 'openSurveyRound', 'closeSurveyRound', 'submitResponse', 'submitResponses', 'recordExternalStudies'],
        ...['configureRiskRule', 'acknowledgeRiskFlag', 'resolveRiskFlag', 'dismissRiskFlag', 'subscribeToAlerts', 'cancelAlertSubscription', 'rebuildPortfolio'],
        ...['retryParkedFact', 'retryParkedKey', 'discardParkedFact', 'replayConsumer'],
      ].sort(),
    );
    for (const { name, args, type } of mutations) {
      const title = name.charAt(0).toUpperCase() + name.slice(1);
      expect([name, args.map((arg) => `${arg.name}: ${String(arg.type)}`), String(type)]).toEqual([name, [`input: ${title}Input!`], `${title}Payload!`]);
      const input = schema().getType(`${title}Input`);
      expect(isInputObjectType(input) && String(input.getFields()['commandId']?.type)).toBe('ID!');
      const payload = schema().getType(`${title}Payload`) as GraphQLObjectType;
      expect(String(payload.getFields()['errors']?.type)).toBe('[UserError!]!');
      for (const field of fieldsOf(payload)) if (!['errors', 'outcomes'].includes(field.name)) expect([name, field.name, isNonNullType(field.type)]).toEqual([name, field.name, false]);
    }
  });

  it('describes everything', () => {
    const silent = Object.values(schema().getTypeMap()).filter(({ name }) => !name.startsWith('__')).flatMap((type) => [
      ...(type.description || ['Query', 'Mutation', 'Subscription', 'Boolean', 'ID', 'Int', 'Float', 'String'].includes(type.name) ? [] : [type.name]),
      ...(isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()).filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`) : []),
      ...(isEnumType(type) ? type.getValues().filter(({ description }) => !description).map(({ name }) => `${type.name}.${name}`) : []),
    ]);
    expect(silent).toEqual([]);
  });
});
