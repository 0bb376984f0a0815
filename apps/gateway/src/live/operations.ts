import { type ExecutionArgs, getOperationAST, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { limitRules, LIMITS } from '../graphql/limits.js';

type Payload = { readonly query?: unknown; readonly operationName?: string | null | undefined; readonly variables?: Readonly<Record<string, unknown>> | null | undefined };

const refuse = (message: string, code = 'BAD_REQUEST'): GraphQLError[] => [new GraphQLError(message, { extensions: { code } })];

/** Reads what a WebSocket asks for, under the same limits as HTTP; subscriptions only. */
export const readSubscription = (schema: GraphQLSchema, { query, operationName, variables }: Payload): readonly GraphQLError[] | Omit<ExecutionArgs, 'contextValue'> => {
  if (typeof query !== 'string') return refuse('Say what to subscribe to.');
  try {
    const document = parse(query, { maxTokens: LIMITS.tokens });
    const operation = getOperationAST(document, operationName ?? undefined);
    if (!operation) return refuse('Name one operation of the document.');
    if (operation.operation !== 'subscription') return refuse('A WebSocket takes subscriptions only; send queries and mutations by HTTP.', 'SUBSCRIPTIONS_ONLY');
    const errors = validate(schema, document, [...specifiedRules, ...limitRules], { maxErrors: 20 });
    if (errors.length > 0) return errors;
    return { schema, document, operationName: operationName ?? null, variableValues: variables ?? null };
  } catch (error) {
    return error instanceof GraphQLError ? [error] : refuse('This is no GraphQL document.');
  }
};
