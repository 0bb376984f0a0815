import { setTimeout as pause } from 'node:timers/promises';
import { Client, credentials, Metadata, status, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import { DomainError } from '@common-ground/kernel';
import { decodeError, ERROR_METADATA } from '../errors/wire-error.js';

export type CallContext = {
  /** The caller's bearer token, passed on. */
  readonly token?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly traceparent?: string | undefined;
  readonly deadlineMs?: number;
};

type Definition = Readonly<Record<string, MethodDefinition<never, unknown>>>;
type RequestOf<M> = M extends { requestSerialize: (value: infer R) => Buffer } ? R : never;
type ResponseOf<M> = M extends { responseDeserialize: (value: Buffer) => infer R } ? R : never;

/** Every method of a service as a promise. */
export type GrpcClient<D> = { readonly [K in keyof D]: (request: RequestOf<D[K]>, context?: CallContext) => Promise<ResponseOf<D[K]>> } & { close(): void };

const DEADLINE_MS = 15_000;
const ATTEMPTS = 4;
const MESSAGE_BYTES = 8 * 1024 * 1024;

/**
 * A client of a service, from ts-proto's definition. A service that is away is tried again for a moment:
 * that is safe, because every command carries an id of its own.
 *
 * @throws DomainError as the service meant it; `SERVICE_UNAVAILABLE` when it does not answer
 */
export const grpcClient = <D extends object>(definition: D, address: string): GrpcClient<D> => {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': MESSAGE_BYTES,
    'grpc.max_send_message_length': MESSAGE_BYTES,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
  });
  const methods = Object.entries(definition as Definition).map(([name, method]) => [name, (request: never, context: CallContext = {}) => callWithRetry(client, method, request, context)]);
  return { ...Object.fromEntries(methods), close: () => client.close() } as GrpcClient<D>;
};

const callWithRetry = async (client: Client, method: MethodDefinition<never, unknown>, request: never, context: CallContext): Promise<unknown> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(client, method, request, context);
    } catch (error) {
      const meant = domainErrorOf(error as ServiceError);
      if (meant.kind !== 'unavailable' || attempt === ATTEMPTS) throw meant;
      await pause(100 * 2 ** attempt);
    }
  }
};

const call = (client: Client, method: MethodDefinition<never, unknown>, request: never, context: CallContext): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const metadata = new Metadata();
    if (context.token) metadata.set('authorization', `Bearer ${context.token}`);
    if (context.quiet) metadata.set('x-quiet', 'true');
    if (context.traceparent) metadata.set('traceparent', context.traceparent);
    const deadline = Date.now() + (context.deadlineMs ?? DEADLINE_MS);
    client.makeUnaryRequest(method.path, method.requestSerialize, method.responseDeserialize, request, metadata, { deadline }, (error, response) => (error ? reject(error) : resolve(response)));
  });

const domainErrorOf = (error: ServiceError): DomainError => {
  const [bytes] = error.metadata?.get(ERROR_METADATA) ?? [];
  const meant = bytes instanceof Buffer ? decodeError(bytes) : undefined;
  if (meant) return meant;
  if (error.code === status.UNAVAILABLE || error.code === status.DEADLINE_EXCEEDED || error.code === status.CANCELLED) {
    return new DomainError('unavailable', 'SERVICE_UNAVAILABLE', 'A part of the platform is not answering; try again in a moment.');
  }
  if (error.code === status.RESOURCE_EXHAUSTED) return new DomainError('invalid', 'TOO_LARGE', 'This is too much at once; send it in smaller parts.');
  throw error;
};
