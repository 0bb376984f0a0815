import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { GrpcMethod, type GrpcOptions, Transport } from '@nestjs/microservices';

export type GrpcServerOptions = {
  /** ts-proto's definition, e.g. `RegistryServiceService`. */
  readonly definition: ServiceDefinition<UntypedServiceImplementation>;
  readonly host: string;
  readonly port: number;
};

const MESSAGE_BYTES = 8 * 1024 * 1024;

/** `/commonground.registry.v1.RegistryService/RegisterMission` in its parts. */
const partsOf = (path: string): { package: string; service: string; full: string; method: string } => {
  const [, full = '', method = ''] = path.split('/');
  const dot = full.lastIndexOf('.');
  return { package: full.slice(0, dot), service: full.slice(dot + 1), full, method };
};

/** Nest's gRPC transport over code that ts-proto generated; no .proto file is read at run time. */
export const grpcOptions = ({ definition, host, port }: GrpcServerOptions): GrpcOptions => {
  const methods = Object.values(definition);
  const [first] = methods;
  if (!first) throw new Error('A gRPC service needs at least one method.');
  const { package: packageName, full } = partsOf(first.path);
  return {
    transport: Transport.GRPC,
    options: {
      package: packageName,
      packageDefinition: { [full]: Object.fromEntries(methods.map((method) => [partsOf(method.path).method, { ...method, originalName: partsOf(method.path).method }])) },
      url: `${host}:${port}`,
      maxReceiveMessageLength: MESSAGE_BYTES,
      maxSendMessageLength: MESSAGE_BYTES,
      gracefulShutdown: true,
    },
  };
};

/** Marks the method that answers one RPC: `@Rpc(RegistryServiceService.registerMission)`. */
export const Rpc = ({ path }: { readonly path: string }): MethodDecorator => {
  const { service, method } = partsOf(path);
  return GrpcMethod(service, method);
};
