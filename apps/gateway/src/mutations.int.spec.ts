import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { type GraphQLInputType, isEnumType, isInputObjectType, isListType, isNonNullType, type GraphQLSchema } from 'graphql';
import { DomainError } from '@common-ground/kernel';
import { type GatewayAtWork, gatewayAtWork } from './gateway.fixture.js';

const A_SCALAR: Readonly<Record<string, unknown>> = { ID: '11111111-1111-4111-8111-111111111111', String: 'words', Int: 1, Float: 1.5, Boolean: true, Date: '2026-03-14', DateTime: '2026-03-14T18:30:00Z' };

/** Something that fits the type: the least, or with `full` every optional field too. */
const fitting = (type: GraphQLInputType, full: boolean): unknown => {
  if (isNonNullType(type)) return fitting(type.ofType, full);
  if (isListType(type)) return [fitting(type.ofType, full)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return A_SCALAR[type.name];
  const fields = Object.values(type.getFields()).filter((field) => full || isNonNullType(field.type));
  return Object.fromEntries(fields.map((field) => [field.name, fitting(field.type, full)]));
};

/** These are not handed to one service: the portfolio is the gateway's, and what is parked may be anybody's. */
const OF_THE_GATEWAY = ['rebuildPortfolio', 'retryParkedFact', 'retryParkedKey', 'discardParkedFact', 'replayConsumer'];

describe('every mutation', () => {
  let at: GatewayAtWork;
  let schema: GraphQLSchema;
  beforeAll(async () => {
    at = await gatewayAtWork();
    schema = at.gateway.app.get(GraphQLSchemaHost, { strict: false }).schema;
  });
  afterAll(() => at.stop());

  const names = (): string[] => Object.keys(schema.getMutationType()?.getFields() ?? {}).filter((name) => !OF_THE_GATEWAY.includes(name));
  const send = (name: string, full: boolean) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const input = fitting(schema.getType(type) as GraphQLInputType, full);
    return at.ask(`mutation($input: ${type}!) { ${name}(input: $input) { errors { code message path } } }`, { variables: { input } });
  };
  const services = () => [at.registry, at.scheduling, at.evaluation, at.risk];

  it('hands its command on, whole, and answers an expected failure as data', async () => {
    expect(names()).toHaveLength(33);
    for (const name of names()) {
      for (const full of [false, true]) {
        for (const fake of services()) fake.forget();
        const answer = await send(name, full);
        expect([name, answer]).toEqual([name, { data: { [name]: { errors: [{ code: 'NOTHING_HERE', message: expect.any(String), path: ['id'] }] } } }]);
        const [call] = services().flatMap(({ calls }) => calls);
        expect([name, call?.request['commandId']]).toEqual([name, A_SCALAR['ID']]);
      }
    }
  });

  it('answers a missing sign-in and a service that is away as errors, for the client to act on', async () => {
    for (const name of names()) {
      for (const fake of services()) fake.forget();
      const method = name.replace('RiskRule', 'Rule').replace('RiskFlag', 'Flag').replace('cancelAlertSubscription', 'cancelSubscription');
      for (const fake of services()) {
        fake.when(method, () => {
          throw new DomainError('unauthenticated', 'TOKEN_EXPIRED', 'Sign in again.');
        });
      }
      expect([name, (await send(name, false)).errors?.[0]?.extensions]).toEqual([name, { code: 'UNAUTHENTICATED', reason: 'TOKEN_EXPIRED' }]);
    }
  });

  it('leaves the portfolio to administrators', async () => {
    const answer = await at.ask('mutation { rebuildPortfolio(input: { commandId: "11111111-1111-4111-8111-111111111111" }) { errors { code } } }', { claims: { roles: ['hq-analyst'] } });
    expect(answer.errors).toBeUndefined();
    expect(JSON.stringify(answer.data)).toMatch(/"errors":\[\{"code":"\w+"\}\]/);
  });
});
