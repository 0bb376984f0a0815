import { status as grpcStatus } from '@grpc/grpc-js';
import type { ErrorKind } from '@common-ground/kernel';

/** The one place where the meaning of an error becomes a protocol's number. Exhaustive: a new kind does not compile without a row. */
export const ERROR_TABLE: Readonly<Record<ErrorKind, { readonly grpc: number; readonly http: number; readonly graphql: string }>> = {
  invalid: { grpc: grpcStatus.INVALID_ARGUMENT, http: 400, graphql: 'BAD_USER_INPUT' },
  'not-found': { grpc: grpcStatus.NOT_FOUND, http: 404, graphql: 'NOT_FOUND' },
  conflict: { grpc: grpcStatus.FAILED_PRECONDITION, http: 409, graphql: 'CONFLICT' },
  forbidden: { grpc: grpcStatus.PERMISSION_DENIED, http: 403, graphql: 'FORBIDDEN' },
  unauthenticated: { grpc: grpcStatus.UNAUTHENTICATED, http: 401, graphql: 'UNAUTHENTICATED' },
  unavailable: { grpc: grpcStatus.UNAVAILABLE, http: 503, graphql: 'UNAVAILABLE' },
};

export const ERROR_KINDS = Object.keys(ERROR_TABLE) as [ErrorKind, ...ErrorKind[]];
