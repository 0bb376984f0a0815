import { Logger } from '@nestjs/common';
import { GrpcMethod, type GrpcOptions, ServerGrpc } from '@nestjs/microservices';
import { type Metadata, type MethodDefinition, Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { context, SpanKind, trace } from '@opentelemetry/api';
import { ConfigError } from '../config/read-config.js';
import { newTraceparent, withTraceparent } from '../observability/tracing.js';

export type GrpcServerOptions = {
  /** ts-proto's definitions, e.g. `RegistryServiceService`. */
  readonly definitions: readonly ServiceDefinition<UntypedServiceImplementation>[];
  readonly host: string;
  /** 0 takes any free port; `GrpcServer.address` tells which. */
  readonly port: number;
};

/** Both sides of every call; a larger one is refused, not cut. */
export const MESSAGE_BYTES = 8 * 1024 * 1024;
export const METADATA_BYTES = 32 * 1024;
const CLOSING_MS = 10_000;

type Call = { readonly metadata: Metadata };
type Handler = (call: Call, callback: unknown) => unknown;
type Method = MethodDefinition<unknown, unknown>;

/** `/commonground.registry.v1.RegistryService/RegisterMission` in its parts. */
const partsOf = (path: string): { package: string; service: string; full: string; method: string } => {
  const [, full = '', method = ''] = path.split('/');
  const dot = full.lastIndexOf('.');
  return { package: full.slice(0, dot), service: full.slice(dot + 1), full, method };
};

/** An answer that cannot be written is a bug of ours: grpc-js would tell the caller alone, so it is logged here. */
const told = (method: Method, logger: Logger): Method => ({
  ...method,
  responseSerialize: (answer) => {
    try {
      return method.responseSerialize(answer);
    } catch (error) {
      logger.error(`${method.path} gave an answer that is none: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      throw error;
    }
  },
});

const transportOptions = ({ definitions, host, port }: GrpcServerOptions): GrpcOptions['options'] => {
  const logger = new Logger('Grpc');
  const services = definitions.map((definition) => {
    const methods = Object.values(definition);
    const [first] = methods;
    if (!first) throw new Error('A gRPC service needs at least one method.');
    return { ...partsOf(first.path), methods: Object.fromEntries(methods.map((method) => [partsOf(method.path).method, told(method, logger)])) };
  });
  return {
    package: services.map((service) => service.package),
    packageDefinition: Object.fromEntries(services.map(({ full, methods }) => [full, methods])),
    url: `${host}:${port}`,
  };
};

/** Nest's gRPC transport over code that ts-proto generated: no .proto file is read at run time. */
export class GrpcServer extends ServerGrpc {
  private boundPort = 0;
  private readonly tracer = trace.getTracer('common-ground');

  constructor(private readonly place: GrpcServerOptions) {
    super(transportOptions(place));
  }

  /** Where it listens, once it does. */
  get address(): string {
    return `${this.place.host}:${this.boundPort}`;
  }

  override async createClient(): Promise<Server> {
    const server = new Server({
      'grpc.max_receive_message_length': MESSAGE_BYTES,
      'grpc.max_send_message_length': MESSAGE_BYTES,
      'grpc.max_metadata_size': METADATA_BYTES,
      'grpc.keepalive_time_ms': 30_000,
      'grpc.keepalive_timeout_ms': 10_000,
    });
    const { host, port } = this.place;
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
        if (error) return reject(new ConfigError(`Port ${port} of ${host} cannot be listened on for gRPC (${error.message}): stop what uses it, or choose another port.`));
        this.boundPort = bound;
        resolve();
      });
    });
    return server;
  }

  /** Each call runs in the trace that it names, or in one of its own. */
  override createUnaryServiceMethod(methodHandler: (...given: unknown[]) => unknown): Handler {
    const answer = super.createUnaryServiceMethod(methodHandler) as Handler;
    return (call, callback) => {
      const [given] = call.metadata.get('traceparent');
      return withTraceparent(typeof given === 'string' ? given : newTraceparent(), () => {
        const span = this.tracer.startSpan(`rpc ${methodHandler.name}`, { kind: SpanKind.SERVER });
        return context.with(trace.setSpan(context.active(), span), () => Promise.resolve(answer(call, callback)).finally(() => span.end()));
      });
    };
  }

  /** Lets calls under way end, for a while. */
  override async close(): Promise<void> {
    const server = this.grpcClient as unknown as Server | null | undefined;
    if (!server) return;
    this.grpcClient = undefined as never;
    const late = setTimeout(() => server.forceShutdown(), CLOSING_MS);
    await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
    clearTimeout(late);
  }
}

/** For `app.connectMicroservice`. */
export const grpcOptions = (options: GrpcServerOptions): { strategy: GrpcServer } => ({ strategy: new GrpcServer(options) });

/** Marks the method that answers one RPC: `@Rpc(RegistryServiceService.registerMission)`. */
export const Rpc = ({ path }: { readonly path: string }): MethodDecorator => {
  const { service, method } = partsOf(path);
  return GrpcMethod(service, method);
};
