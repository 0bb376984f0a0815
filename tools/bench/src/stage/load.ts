import { Agent, request } from 'node:http';

export type Shot = { readonly path: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> };
export type Load = {
  readonly url: string;
  /** Requests under way at any time, each on a connection of its own that is kept. */
  readonly connections: number;
  readonly operations: number;
  readonly shot: (index: number) => Shot;
  /** @throws Error when the answer is wrong */
  readonly check: (answer: string, index: number) => void;
};

/** Sends requests over kept connections until all are answered. @returns milliseconds of each */
export const drive = async ({ url, connections, operations, shot, check }: Load): Promise<number[]> => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < operations) {
      const index = next;
      next += 1;
      const started = performance.now();
      const answer = await send(agent, url, shot(index));
      took.push(performance.now() - started);
      check(answer, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: connections }, one));
    return took;
  } finally {
    agent.destroy();
  }
};

const send = (agent: Agent, url: string, { path, body, headers }: Shot): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = request(`${url}${path}`, { agent, method: body === undefined ? 'GET' : 'POST', headers: { ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }), ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        if (response.statusCode === 200) resolve(text);
        else reject(new Error(`HTTP ${response.statusCode}: ${text.slice(0, 500)}`));
      });
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
