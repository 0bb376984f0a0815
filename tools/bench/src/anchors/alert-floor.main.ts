import pg from 'pg';
import { WebSocketServer } from 'ws';
import { serve } from './serve.js';

const settings = { connectionString: process.env['DATABASE_URL'] };
const pool = new pg.Pool({ ...settings, max: 4 });
await pool.query('CREATE TABLE IF NOT EXISTS floor (id text PRIMARY KEY)');
const listener = new pg.Client(settings);
await listener.connect();

/** One write, one notification, one socket: the least that an alert can cost. */
await serve(async (app) => {
  const sockets = new WebSocketServer({ server: app.server });
  listener.on('notification', ({ payload }) => sockets.clients.forEach((socket) => socket.send(payload ?? '')));
  await listener.query('LISTEN floor');
  app.post('/write', async ({ body }) => {
    const { id } = body as { id: string };
    await pool.query({ name: 'write', text: "WITH written AS (INSERT INTO floor VALUES ($1) RETURNING id) SELECT pg_notify('floor', id) FROM written", values: [id] });
    return { id };
  });
});
