import { Metadata, Server, ServerCredentials, status, type handleUnaryCall, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { evaluation, operations, registry, risk, scheduling } from '@common-ground/contracts';
import { DomainError, isDomainError } from '@common-ground/kernel';
import { encodeError, ERROR_METADATA, ERROR_TABLE, type RunningService } from '@common-ground/platform';
import { freshDatabase, TestIssuer, type TestClaims } from '@common-ground/testing';
import { eventLogMigrations, type EventLog, openLog } from '@common-ground/messaging';
import type { GatewayConfig } from './config.js';
import { gatewayMigrations } from './migrations/index.js';
import { startGateway } from './service.js';

export type SeenCall = { readonly method: string; readonly request: Record<string, unknown>; readonly authorization: string | undefined; readonly quiet: string | undefined };
type Answer = (request: never, call: SeenCall) => unknown;

/** A service at the edge of the process: answers by the proto, remembers what it was asked. */
export class FakeService {
  readonly calls: SeenCall[] = [];
  private readonly answers = new Map<string, Answer>();
  private readonly server = new Server();
  address = '';

  private readonly definitions: readonly object[];

  constructor(...definitions: readonly object[]) {
    this.definitions = definitions;
  }

  async start(): Promise<this> {
    for (const definition of this.definitions as ServiceDefinition<UntypedServiceImplementation>[]) {
      this.server.addService(definition, Object.fromEntries(Object.keys(definition).map((method) => [method, this.handler(method)])));
    }
    const port = await new Promise<number>((resolve, reject) => this.server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))));
    this.address = `127.0.0.1:${port}`;
    return this;
  }

  /** What a method answers from now on; a DomainError that it throws goes over the wire as the services send it. */
  when(method: string, answer: Answer): void {
    this.answers.set(method, answer);
  }

  forget(): void {
    this.calls.length = 0;
    this.answers.clear();
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private handler(method: string): handleUnaryCall<Record<string, unknown>, unknown> {
    return (call, callback) => {
      const text = (name: string): string | undefined => call.metadata.get(name)[0]?.toString();
      const seen = { method, request: call.request, authorization: text('authorization'), quiet: text('x-quiet') };
      this.calls.push(seen);
      try {
        const answer = this.answers.get(method);
        if (!answer) throw new DomainError('not-found', 'NOTHING_HERE', `The fake answers no ${method}.`, { path: ['id'] });
        callback(null, answer(call.request as never, seen));
      } catch (error) {
        if (!isDomainError(error)) return callback({ code: status.INTERNAL, details: 'INTERNAL' });
        const metadata = new Metadata();
        metadata.set(ERROR_METADATA, encodeError(error));
        callback({ code: ERROR_TABLE[error.kind].grpc, details: error.message, metadata });
      }
    };
  }
}

export type GraphqlAnswer = { readonly data?: Record<string, never> | null; readonly errors?: { message: string; extensions: Record<string, unknown>; path?: unknown }[] };

export type GatewayAtWork = {
  readonly issuer: TestIssuer;
  readonly registry: FakeService;
  readonly scheduling: FakeService;
  readonly evaluation: FakeService;
  readonly risk: FakeService;
  readonly gateway: RunningService;
  readonly log: EventLog;
  readonly config: GatewayConfig;
  ask(query: string, options?: { variables?: object; claims?: TestClaims; headers?: Record<string, string> }): Promise<GraphqlAnswer>;
  stop(): Promise<void>;
};

/** The gateway on a database and a log of its own, with the four services replaced at the edge. */
export const gatewayAtWork = async (change: Partial<GatewayConfig> = {}): Promise<GatewayAtWork> => {
  const [database, logDatabase, issuer] = await Promise.all([
    freshDatabase({ service: 'gateway', migrations: gatewayMigrations }),
    freshDatabase({ service: 'event_log', migrations: eventLogMigrations }),
    TestIssuer.start(),
  ]);
  const [registryFake, schedulingFake, evaluationFake, riskFake] = await Promise.all([
    new FakeService(registry.RegistryServiceService, operations.OperationsServiceService).start(),
    new FakeService(scheduling.SchedulingServiceService, operations.OperationsServiceService).start(),
    new FakeService(evaluation.EvaluationServiceService, operations.OperationsServiceService).start(),
    new FakeService(risk.RiskServiceService, operations.OperationsServiceService).start(),
  ]);
  const config: GatewayConfig = {
    service: 'gateway',
    grpc: { host: '127.0.0.1', port: 0 },
    http: { host: '127.0.0.1', port: 0 },
    database: { app: database.app, migrator: database.migrator },
    log: { kind: 'postgres', database: logDatabase.app },
    identity: { issuer: issuer.issuer, audience: issuer.audience },
    logLevel: 'silent',
    services: { registry: registryFake.address, scheduling: schedulingFake.address, evaluation: evaluationFake.address, riskMonitoring: riskFake.address },
    introspection: false,
    origins: ['https://portal.example.org'],
    suppressBelow: 5,
    requestsPerSecond: { person: 1_000, address: 1_000 },
    socketsPerPerson: 3,
    ...change,
  };
  const log = openLog(config.log);
  const gateway = await startGateway(config);
  return {
    issuer,
    registry: registryFake,
    scheduling: schedulingFake,
    evaluation: evaluationFake,
    risk: riskFake,
    gateway,
    log,
    config,
    ask: async (query, { variables = {}, claims = { roles: ['administrator'] }, headers = {} } = {}) => {
      const response = await fetch(`${gateway.httpAddress}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.token(claims)}`, ...headers },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as GraphqlAnswer;
    },
    stop: async () => {
      await gateway.close();
      await log.close();
      for (const fake of [registryFake, schedulingFake, evaluationFake, riskFake]) fake.stop();
      await issuer.close();
      await Promise.all([database.drop(), logDatabase.drop()]);
    },
  };
};
