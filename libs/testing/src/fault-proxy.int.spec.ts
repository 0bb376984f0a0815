import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FaultProxy } from './fault-proxy.js';

let echo: Server;
let proxy: FaultProxy;
/** What the server was sent. */
let received = '';
const clients: Socket[] = [];

beforeAll(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      received += piece.toString('latin1');
      socket.write(piece);
    });
  });
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
});
beforeEach(async () => {
  received = '';
  proxy = await FaultProxy.start(() => ({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port }));
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
});
afterAll(() => new Promise((resolve) => echo.close(resolve)));

type Client = { readonly socket: Socket; readonly heard: () => Buffer; readonly ended: Promise<string> };
const dial = async (): Promise<Client> => {
  const socket = connect({ host: '127.0.0.1', port: proxy.port });
  clients.push(socket);
  const pieces: Buffer[] = [];
  socket.on('data', (piece) => pieces.push(piece));
  const ended = new Promise<string>((resolve) => {
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    socket.on('close', () => resolve('closed'));
  });
  await once(socket, 'connect');
  return { socket, heard: () => Buffer.concat(pieces), ended };
};
const until = async (holds: () => boolean): Promise<number> => {
  const began = performance.now();
  while (!holds()) await pause(5);
  return performance.now() - began;
};

describe('a line that can be spoilt', () => {
  it('carries a megabyte as it is, there and back', async () => {
    const { socket, heard } = await dial();
    const bytes = randomBytes(1 << 20);
    socket.write(bytes);
    await until(() => heard().length === bytes.length);
    expect(heard().equals(bytes)).toBe(true);
  });

  it('is slow by as much as is said, each way, and keeps the order', async () => {
    const { socket, heard } = await dial();
    proxy.spoil({ delayMs: 100 });
    const began = performance.now();
    for (let index = 0; index < 10; index += 1) socket.write(String(index));
    await until(() => heard().length === 10);
    expect(heard().toString()).toBe('0123456789');
    expect(performance.now() - began).toBeGreaterThan(195);
  });

  it('carries no more bytes a second than is said', async () => {
    const { socket, heard } = await dial();
    proxy.spoil({ bytesPerSecond: 50_000 });
    socket.write(randomBytes(20_000));
    expect(await until(() => heard().length === 20_000)).toBeGreaterThan(350);
  });

  it('ends with a reset, and serves whoever comes next', async () => {
    const { ended } = await dial();
    await until(() => proxy.open === 1);
    proxy.reset();
    expect(await ended).toBe('ECONNRESET');
    const { socket, heard } = await dial();
    socket.write('again');
    await until(() => heard().toString() === 'again');
  });

  it('is silent one way: the server hears and the client does not, or neither hears of the other', async () => {
    const { socket, heard } = await dial();
    proxy.spoil({ silent: 'to-client' });
    socket.write('out');
    await until(() => received === 'out');
    await pause(100);
    expect(heard().length).toBe(0);
    proxy.spoil({ silent: 'to-server' });
    socket.write('lost');
    await pause(100);
    expect(received).toBe('out');
  });

  it('is a black hole that takes connections and gives nothing, and is mended by a reset of what hung in it', async () => {
    proxy.spoil({ silent: 'both' });
    const { socket, heard, ended } = await dial();
    socket.write('lost');
    await pause(100);
    expect([received, heard().length]).toEqual(['', 0]);
    proxy.mend();
    expect(await ended).toBe('ECONNRESET');
    const next = await dial();
    next.socket.write('found');
    await until(() => next.heard().toString() === 'found');
  });

  it('tells nobody in a black hole that the other end has gone, until it is mended', async () => {
    const { socket } = await dial();
    await until(() => proxy.open === 1);
    proxy.spoil({ silent: 'both' });
    socket.destroy();
    await pause(100);
    expect(await new Promise((resolve) => echo.getConnections((_error, count) => resolve(count)))).toBeGreaterThan(0);
    proxy.mend();
    await until(() => proxy.open === 0);
  });

  it('is forgotten: what was open is dead without a word, and whoever comes next is served', async () => {
    const { socket, heard, ended } = await dial();
    await until(() => proxy.open === 1);
    proxy.abandon();
    socket.write('lost');
    const next = await dial();
    next.socket.write('found');
    await until(() => next.heard().toString() === 'found');
    expect([received, heard().length, await Promise.race([ended, pause(50, 'open')])]).toEqual(['found', 0, 'open']);
  });

  it('is cut: what was open is reset and nobody is let in until it is mended', async () => {
    const { ended } = await dial();
    await until(() => proxy.open === 1);
    proxy.cut();
    expect(await ended).toBe('ECONNRESET');
    const refused = connect({ host: '127.0.0.1', port: proxy.port });
    clients.push(refused);
    expect(await new Promise((resolve) => refused.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)))).toBe('ECONNRESET');
    proxy.mend();
    const { socket, heard } = await dial();
    socket.write('well');
    await until(() => heard().toString() === 'well');
  });
});
