import { setTimeout as pause } from 'node:timers/promises';
import { Client, credentials, Metadata, status, type MethodDefinition, type ServiceError } from '@grpc/grpc-js';
import { DomainError } from '@common-ground/kernel';
import { decodeError, ERROR_METADATA } from '../errors/wire-error.js';
import { currentTraceparent } from '../observability/tracing.js';
import { MESSAGE_BYTES, METADATA_BYTES } from './grpc-server.js';

export type CallContext = {
  /** The caller's bearer token, passed on. */
  readonly token?: string | undefined;
  readonly quiet?: boolean | undefined;
  /** Of the work under way, unless given. */
  readonly traceparent?: string | undefined;
  /** For all tries together. */
  readonly deadlineMs?: number;
};

type Method = MethodDefinition<never, unknown>;
type Definition = Readonly<Record<string, Method>>;
type RequestOf<M> = M extends { requestSerialize: (value: infer R) => Buffer } ? R : never;
type ResponseOf<M> = M extends { responseDeserialize: (value: Buffer) => infer R } ? R : never;

/** Every method of a service as a promise. */
export type GrpcClient<D> = { readonly [K in keyof D]: (request: RequestOf<D[K]>, context?: CallContext) => Promise<ResponseOf<D[K]>> } & { close(): void };

const DEADLINE_MS = 10_000;
const ATTEMPTS = 4;
const FIRST_PAUSE_MS = 200;

/**
 * A client of a service, from ts-proto's definition. A service that is away is tried again for a moment:
 * that is safe, because every command carries an id of its own.
 *
 * @throws DomainError as the service meant it; `SERVICE_UNAVAILABLE` when it does not answer; a bug of the service as gRPC's own error
 */
export const grpcClient = <D extends object>(definition: D, address: string): GrpcClient<D> => {
  const client = new Client(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': MESSAGE_BYTES,
    'grpc.max_send_message_length': MESSAGE_BYTES,
    'grpc.max_metadata_size': METADATA_BYTES,
    'grpc.initial_reconnect_backoff_ms': 100,
    'grpc.max_reconnect_backoff_ms': 2_000,
    'grpc.keepalive_time_ms': 60_000,
    'grpc.keepalive_timeout_ms': 10_000,
  });
  const methods = Object.entries(definition as Definition).map(([name, method]) => [name, (request: never, context: CallContext = {}) => callWithRetry(client, method, request, context)]);
  return { ...Object.fromEntries(methods), close: () => client.close() } as GrpcClient<D>;
};

const callWithRetry = async (client: Client, method: Method, request: never, context: CallContext): Promise<unknown> => {
  const until = Date.now() + (context.deadlineMs ?? DEADLINE_MS);
  const metadata = metadataOf(context);
  for (let attempt = 1, wait = FIRST_PAUSE_MS; ; attempt += 1, wait *= 2) {
    try {
      return await call(client, method, { request, metadata, until });
    } catch (error) {
      const away = (error as ServiceError).code === status.UNAVAILABLE;
      if (!away || attempt === ATTEMPTS || Date.now() + wait >= until) throw errorOf(error as ServiceError);
      await pause(wait);
    }
  }
};

const metadataOf = (context: CallContext): Metadata => {
  const metadata = new Metadata();
  const traceparent = context.traceparent ?? currentTraceparent();
  if (context.token) {
    if (!/^[\x21-\x7e]+$/.test(context.token)) throw new DomainError('unauthenticated', 'TOKEN_MALFORMED', 'The bearer token is no JSON Web Token; sign in again.');
    metadata.set('authorization', `Bearer ${context.token}`);
  }
  if (context.quiet) metadata.set('x-quiet', 'true');
  if (traceparent) metadata.set('traceparent', traceparent);
  return metadata;
};

const call = (client: Client, method: Method, { request, metadata, until }: { request: never; metadata: Metadata; until: number }): Promise<unknown> =>
  new Promise((resolve, reject) => {
    client.makeUnaryRequest(method.path, method.requestSerialize, method.responseDeserialize, request, metadata, { deadline: until }, (error, response) => (error ? reject(error) : resolve(response)));
  });

const AWAY: ReadonlySet<number> = new Set([status.UNAVAILABLE, status.DEADLINE_EXCEEDED, status.CANCELLED]);

const errorOf = (error: ServiceError): Error => {
  const [bytes] = error.metadata?.get(ERROR_METADATA) ?? [];
  const meant = bytes instanceof Buffer ? decodeError(bytes) : undefined;
  if (meant) return meant;
  if (AWAY.has(error.code)) return new DomainError('unavailable', 'SERVICE_UNAVAILABLE', 'A part of the platform is not answering; try again in a moment.');
  if (error.code === status.RESOURCE_EXHAUSTED) return new DomainError('invalid', 'TOO_LARGE', 'This is too much at once; send it in smaller parts.');
  return error;
};

/** The number under which the service logged a bug, to be told to the person. */
export const correlationIdOf = (error: unknown): string | undefined => {
  const { metadata } = error as { metadata?: unknown };
  const [id] = metadata instanceof Metadata ? metadata.get('x-correlation-id') : [];
  return typeof id === 'string' ? id : undefined;
};
