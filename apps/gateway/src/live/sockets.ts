import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { ExecutionArgs, FormattedExecutionResult } from 'graphql';
import { GraphQLError } from 'graphql';
import { handleProtocols, makeServer, type Server as Protocol } from 'graphql-ws';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { VerifiedToken } from '@common-ground/platform';
import { OperationContexts } from '../graphql/operation-context.js';
import { presentError } from '../graphql/present-error.js';
import { RATES, type Rates } from '../http/rates.js';
import { TokenBuckets } from '../http/token-bucket.js';
import { readSubscription } from './operations.js';

export const SOCKET_LIMITS = Symbol('SocketLimits');
export type SocketLimits = { readonly origins: readonly string[]; readonly socketsPerPerson: number; readonly initWaitMs?: number };

const FRAME_BYTES = 64 * 1024;
const SOCKETS = 5_000;
const SUBSCRIPTIONS_PER_SOCKET = 20;
const INIT_WAIT_MS = 5_000;
const PING_EVERY_MS = 15_000;
/** Unsent bytes, or milliseconds without progress, after which a reader is too slow. */
const UNSENT_BYTES = 1024 * 1024;
const SEND_WAIT_MS = 10_000;
const LONGEST_TIMER_MS = 2_147_483_647;
export const CLOSE = { tokenEnded: 4401, forbidden: 4403, tooMany: 4429, goingAway: 1001, failed: 1011 } as const;

type Extra = { readonly socket: WebSocket; verified?: VerifiedToken; token?: string; timer?: NodeJS.Timeout };

const tokenIn = (parameters: Readonly<Record<string, unknown>> | undefined): string | undefined => {
  const given = parameters?.['authorization'] ?? parameters?.['Authorization'] ?? parameters?.['token'];
  return typeof given === 'string' ? given.replace(/^Bearer /i, '') : undefined;
};

/** GraphQL subscriptions over WebSockets on /graphql: checked at the door, signed in within seconds, subscriptions only, closed when the token ends. */
@Injectable()
export class Sockets {
  private readonly logger = new Logger('Sockets');
  private readonly server = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES, perMessageDeflate: false, handleProtocols: (protocols) => handleProtocols(protocols) });
  private readonly perPerson = new Map<string, number>();
  private closing = false;

  constructor(
    @Inject(OperationContexts) private readonly contexts: OperationContexts,
    @Inject(GraphQLSchemaHost) private readonly host: GraphQLSchemaHost,
    @Inject(RATES) private readonly rates: Rates,
    @Inject(SOCKET_LIMITS) private readonly limits: SocketLimits,
  ) {}

  attach(http: Server): void {
    const protocol = this.protocol();
    this.server.on('connection', (socket) => this.open(protocol, socket));
    http.on('upgrade', (request, stream, head) => {
      const refused = this.refusalOf(request);
      if (refused) return turnAway(stream, refused);
      return this.server.handleUpgrade(request, stream, head, (socket) => this.server.emit('connection', socket, request));
    });
  }

  /** Tells everyone to come back later. */
  close(): void {
    this.closing = true;
    for (const socket of this.server.clients) {
      socket.close(CLOSE.goingAway, 'Going away');
      setTimeout(() => socket.terminate(), 500).unref();
    }
  }

  private refusalOf({ url = '', headers, socket }: IncomingMessage): string | undefined {
    if (this.closing) return '503 Service Unavailable';
    // Not by URL, which throws on what is none, as `//`: nothing stands between this and the end of the process.
    if (url.split('?', 1)[0] !== '/graphql') return '404 Not Found';
    // Browsers always say where a page comes from; programs need not.
    if (headers.origin !== undefined && !this.limits.origins.includes(headers.origin)) return '403 Forbidden';
    if (this.server.clients.size >= SOCKETS) return '503 Service Unavailable';
    return this.rates.address.take(socket.remoteAddress ?? '') ? undefined : '429 Too Many Requests';
  }

  private protocol(): Protocol<Extra> {
    return makeServer<Record<string, unknown>, Extra>({
      connectionInitWaitTimeout: this.limits.initWaitMs ?? INIT_WAIT_MS,
      onConnect: ({ connectionParams, extra }) => this.signIn(extra, tokenIn(connectionParams)),
      onSubscribe: ({ extra, subscriptions }, _id, payload) => this.subscribe(extra, Object.keys(subscriptions).length, payload),
      onNext: (_context, _id, _payload, _args, result) => (result.errors ? ({ ...result, errors: result.errors.map((error) => presentError(error, error)) } as FormattedExecutionResult) : undefined),
      onError: (_context, _id, _payload, errors) => errors.map((error) => presentError(error instanceof GraphQLError ? error.toJSON() : error, error)),
    });
  }

  private async signIn(extra: Extra, token: string | undefined): Promise<boolean> {
    try {
      const verified = await this.contexts.verify(token);
      if (this.tooManyOf(verified.caller.subject)) {
        extra.socket.close(CLOSE.tooMany, 'Too many sockets of one person');
        return true;
      }
      const { subject } = verified.caller;
      this.perPerson.set(subject, (this.perPerson.get(subject) ?? 0) + 1);
      extra.socket.once('close', () => this.leave(subject));
      const left = Math.min(verified.expiresAt.getTime() - Date.now(), LONGEST_TIMER_MS);
      const timer = setTimeout(() => extra.socket.close(CLOSE.tokenEnded, 'Token ended'), Math.max(left, 0));
      Object.assign(extra, { verified, token, timer });
      return true;
    } catch {
      return false;
    }
  }

  private subscribe(extra: Extra, others: number, payload: Parameters<typeof readSubscription>[1]): readonly GraphQLError[] | ExecutionArgs {
    const { verified, token } = extra;
    if (!verified) return [new GraphQLError('Sign in first.', { extensions: { code: 'UNAUTHENTICATED' } })];
    if (others > SUBSCRIPTIONS_PER_SOCKET) return [new GraphQLError(`A socket carries ${SUBSCRIPTIONS_PER_SOCKET} subscriptions at most.`, { extensions: { code: 'RATE_LIMITED' } })];
    const read = readSubscription(this.host.schema, payload);
    return 'document' in read ? { ...read, contextValue: this.contexts.of(verified, token, { live: true }) } : read;
  }

  private tooManyOf(subject: string): boolean {
    return (this.perPerson.get(subject) ?? 0) >= this.limits.socketsPerPerson;
  }

  private leave(subject: string): void {
    const left = (this.perPerson.get(subject) ?? 1) - 1;
    if (left > 0) this.perPerson.set(subject, left);
    else this.perPerson.delete(subject);
  }

  private open(protocol: Protocol<Extra>, socket: WebSocket): void {
    const extra: Extra = { socket };
    const messages = new TokenBuckets(20, 60);
    const stopPinging = keepAlive(socket);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => send(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', (data: RawData, isBinary) => {
            if (isBinary) return socket.close(1003, 'Text only');
            if (!messages.take('')) return socket.close(CLOSE.tooMany, 'Too many messages');
            handle(String(data)).catch((error: unknown) => this.fail(socket, error));
          }),
      },
      extra,
    );
    // ws closes by itself with the fitting code, e.g. 1009 for a frame that is too large.
    socket.on('error', () => undefined);
    socket.once('close', (code, reason) => {
      stopPinging();
      clearTimeout(extra.timer);
      closed(code, String(reason)).catch((error: unknown) => this.logger.warn({ err: error }, 'a socket did not close cleanly'));
    });
  }

  private fail(socket: WebSocket, error: unknown): void {
    this.logger.warn({ err: error }, 'a socket was closed after a message that could not be handled');
    socket.close(CLOSE.failed, 'Could not be handled');
  }
}

const turnAway = (stream: Duplex, status: string): void => {
  stream.on('error', () => undefined);
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
};

/** Resolves once the network took the data. A reader who takes none is cut off, so memory stays bounded. */
const send = (socket: WebSocket, data: string): Promise<void> =>
  new Promise((resolve) => {
    if (socket.readyState !== socket.OPEN) return resolve();
    if (socket.bufferedAmount > UNSENT_BYTES) {
      socket.terminate();
      return resolve();
    }
    const timer = setTimeout(() => socket.terminate(), SEND_WAIT_MS);
    return socket.send(data, () => {
      clearTimeout(timer);
      resolve();
    });
  });

/** Finds sockets whose other end is gone. */
const keepAlive = (socket: WebSocket): (() => void) => {
  let answered = true;
  socket.on('pong', () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
};
