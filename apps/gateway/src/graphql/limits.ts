import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { GraphQLError, type ValidationContext, type ValidationRule } from 'graphql';
import { costRule } from './cost.js';

/** Tokens count the text of the operation alone: batches travel in variables. */
export const LIMITS = { depth: 14, aliases: 20, directives: 20, tokens: 2_000, cost: 40_000, bodyBytes: 4 * 1024 * 1024 } as const;

/** The plugins would throw in the middle of validation; reported, a refusal stands beside the others. */
const reported = { propagateOnRejection: false, onReject: [(context: ValidationContext | null, error: GraphQLError) => context?.reportError(error)] };

/** The same on HTTP and on WebSocket. */
export const limitRules: ValidationRule[] = [
  maxDepthRule({ n: LIMITS.depth, ...reported }) as ValidationRule,
  maxAliasesRule({ n: LIMITS.aliases, ...reported }) as ValidationRule,
  maxDirectivesRule({ n: LIMITS.directives, ...reported }) as ValidationRule,
  costRule(LIMITS.cost),
];

/** HTTP answers once; what goes on comes by WebSocket. */
export const queriesAndMutationsOnly: ValidationRule = (context) => ({
  OperationDefinition: (operation) => {
    if (operation.operation === 'subscription') context.reportError(new GraphQLError('Subscriptions come by WebSocket (graphql-ws) at this same address.', { nodes: [operation], extensions: { code: 'BAD_REQUEST' } }));
  },
});
