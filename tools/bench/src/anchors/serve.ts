import Fastify, { type FastifyInstance } from 'fastify';

/** A bare server on the port that it was given, ended by SIGTERM. */
export const serve = async (routes: (app: FastifyInstance) => Promise<void> | void): Promise<void> => {
  const app = Fastify({ logger: false, bodyLimit: 8 * 1024 * 1024 });
  app.get('/health', () => 'ok');
  await routes(app);
  await app.listen({ host: '127.0.0.1', port: Number(process.env['PORT']) });
  process.on('SIGTERM', () => void app.close().finally(() => process.exit(0)));
};
