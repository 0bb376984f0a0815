import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Rates } from './rates.js';

const HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-site',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
};

const ALLOWED_HEADERS = 'authorization, content-type, common-ground-quiet, traceparent, apollo-require-preflight';

/** What every HTTP answer carries and every request passes before anything looks at it. */
export const guardDoors = (fastify: FastifyInstance, { origins, rates }: { readonly origins: readonly string[]; readonly rates: Rates }): void => {
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    reply.headers(HEADERS);
    const { origin } = request.headers;
    if (origin && origins.includes(origin)) reply.headers({ 'access-control-allow-origin': origin, vary: 'origin' });
    if (request.method === 'OPTIONS') {
      return reply.headers({ 'access-control-allow-methods': 'POST', 'access-control-allow-headers': ALLOWED_HEADERS, 'access-control-max-age': '600' }).code(204).send();
    }
    if (request.url.startsWith('/graphql') && !rates.address.take(request.ip)) {
      return reply.code(429).header('retry-after', '1').send({ errors: [{ message: 'Too many requests from this address; wait a moment.', extensions: { code: 'RATE_LIMITED' } }] });
    }
    return undefined;
  });
};
