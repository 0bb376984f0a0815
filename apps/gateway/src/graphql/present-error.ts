import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isDomainError, type DomainError } from '@common-ground/kernel';
import { ERROR_TABLE } from '@common-ground/platform';

const logger = new Logger('GraphQL');

const causeOf = (error: unknown): unknown => {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
};

/** An expected failure as a GraphQL error; `http` makes Apollo answer with the fitting status when nothing was executed. */
export const asGraphqlError = (error: DomainError): GraphQLError =>
  new GraphQLError(error.message, {
    originalError: error,
    extensions: { code: ERROR_TABLE[error.kind].graphql, reason: error.code, http: { status: ERROR_TABLE[error.kind].http } },
  });

const placed = (formatted: GraphQLFormattedError) => ({ ...(formatted.locations ? { locations: formatted.locations } : {}), ...(formatted.path ? { path: formatted.path } : {}) });

const OF_THE_CLIENT = /^(GRAPHQL_|BAD_|PERSISTED_|QUERY_|OPERATION_|RATE_|CSRF)/;

/**
 * What a caller sees of an error: expected ones by code, mistakes in the operation as graphql-js words them,
 * everything else as INTERNAL with an id under which it stands in the log. Never a stack.
 */
export const presentError = (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
  const cause = causeOf(error);
  if (isDomainError(cause)) {
    const { path } = cause.details;
    return { message: cause.message, ...placed(formatted), extensions: { code: ERROR_TABLE[cause.kind].graphql, reason: cause.code, ...(path ? { inputPath: path } : {}) } };
  }
  const code = String(formatted.extensions?.['code'] ?? '');
  const ofTheClient = OF_THE_CLIENT.test(code) || (cause instanceof GraphQLError && code !== 'INTERNAL_SERVER_ERROR');
  if (ofTheClient) return { message: formatted.message, ...placed(formatted), extensions: { code: code || 'BAD_REQUEST' } };
  const correlationId = randomUUID();
  logger.error({ correlationId, err: cause }, 'a request failed unexpectedly');
  return { message: `Something went wrong on our side. If it goes on, tell support this id: ${correlationId}`, ...placed(formatted), extensions: { code: 'INTERNAL', correlationId } };
};
