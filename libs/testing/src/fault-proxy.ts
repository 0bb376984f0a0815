import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** What becomes of a line: bytes late, few at a time, lost on one way or both. */
export type LineFault = {
  /** Every piece arrives so much later, on each way. */
  readonly delayMs?: number;
  readonly bytesPerSecond?: number;
  /** Lost without a word: `to-server`, `to-client`, or both ways. New connections are accepted all the same. */
  readonly silent?: 'to-server' | 'to-client' | 'both';
};

type Way = 'to-server' | 'to-client';
type Line = { readonly client: Socket; readonly server: Socket; dead: boolean };

/** A piece of a throttled line carries what flows in so much time. */
const TICK_MS = 20;

/** A TCP line to a server that can be spoilt and mended while it is in use. Listens on loopback, on a port of its own. */
export class FaultProxy {
  private fault: LineFault = {};
  private refusing = false;
  private readonly lines = new Set<Line>();

  private constructor(
    private readonly listener: Server,
    private readonly target: () => { readonly host: string; readonly port: number },
  ) {
    listener.on('connection', (client) => this.accept(client));
  }

  /** @param target asked at each new connection, for a server that moves */
  static async start(target: () => { readonly host: string; readonly port: number }): Promise<FaultProxy> {
    const listener = createServer({ pauseOnConnect: true });
    await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(0, '127.0.0.1', resolve));
    return new FaultProxy(listener, target);
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Connections that are open now. */
  get open(): number {
    return this.lines.size;
  }

  /** From here on, for open connections and new ones. Only what is named is spoilt. */
  spoil(fault: LineFault): void {
    this.fault = fault;
    this.refusing = false;
  }

  /** Open connections are dead from here on, and neither end is told; new ones are well. As when a router between them forgets. */
  abandon(): void {
    for (const line of this.lines) line.dead = true;
    this.fault = {};
  }

  /** As if nothing had been; bytes that were lost stay lost, so lines that were silent are reset. */
  mend(): void {
    if (this.fault.silent) this.reset();
    this.fault = {};
    this.refusing = false;
  }

  /** Ends every open connection with a reset (RST); new ones are served. */
  reset(): void {
    for (const { client, server } of this.lines) {
      client.resetAndDestroy();
      server.resetAndDestroy();
    }
  }

  /** Ends every open connection and resets new ones until mended. */
  cut(): void {
    this.refusing = true;
    this.reset();
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.listener.close(resolve));
    for (const { client, server } of this.lines) {
      client.destroy();
      server.destroy();
    }
    await closed;
  }

  private accept(client: Socket): void {
    if (this.refusing) {
      client.on('error', () => undefined);
      client.resetAndDestroy();
      return;
    }
    const { host, port } = this.target();
    const line: Line = { client, server: connect({ host, port }), dead: false };
    this.lines.add(line);
    for (const socket of [line.client, line.server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.once('close', () => this.end(line));
    }
    this.carry(line, 'to-server');
    this.carry(line, 'to-client');
    client.resume();
  }

  private end(line: Line): void {
    if (!this.lines.delete(line)) return;
    // A line that loses bytes loses its farewell too: the other end hears nothing until it is mended.
    const gone = line.client.destroyed ? line.server : line.client;
    if ((this.fault.silent || line.dead) && !gone.destroyed) this.lines.add(line);
    else gone.destroy();
  }

  /** Pieces one after the other, each as the fault of its moment has it. */
  private carry(line: Line, way: Way): void {
    const [from, to] = way === 'to-server' ? [line.client, line.server] : [line.server, line.client];
    let underWay: Promise<unknown> = Promise.resolve();
    from.on('data', (piece) => {
      const arrives = performance.now() + (this.fault.delayMs ?? 0);
      from.pause();
      underWay = underWay.then(() => line.dead ? undefined : this.deliver(piece, to, way, arrives));
      // Delayed pieces travel side by side; throttled ones hold the sender up.
      if (this.fault.bytesPerSecond === undefined) from.resume();
      else underWay = underWay.then(() => from.resume());
    });
    from.once('end', () => void underWay.then(() => !line.dead && this.fault.silent === undefined && to.end()));
  }

  private async deliver(piece: Buffer, to: Socket, way: Way, arrives: number): Promise<void> {
    const wait = arrives - performance.now();
    if (wait > 0) await later(wait);
    const { bytesPerSecond, silent } = this.fault;
    if (silent === way || silent === 'both' || !to.writable) return;
    if (bytesPerSecond === undefined) return void to.write(piece);
    const step = Math.max(1, Math.floor((bytesPerSecond * TICK_MS) / 1_000));
    for (let at = 0; at < piece.length && to.writable; at += step) {
      to.write(piece.subarray(at, at + step));
      await later(TICK_MS);
    }
  }
}

const later = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
