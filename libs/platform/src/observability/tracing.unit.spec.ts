import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { asService, logFields } from './logging.module.js';
import { currentTraceparent, newTraceparent, startTracing, type Tracing, withTraceparent } from './tracing.js';

let tracing: Tracing;
beforeAll(() => {
  tracing = startTracing('specs', false);
});
afterAll(() => tracing.close());

describe('traces', () => {
  it('stay with the work that they came with, and with that alone', async () => {
    const [one, two] = [newTraceparent(), newTraceparent()];
    const after = (traceparent: string): Promise<string | undefined> =>
      withTraceparent(traceparent, async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        return currentTraceparent();
      });
    expect(await Promise.all([after(one), after(two)])).toEqual([one, two]);
    expect(currentTraceparent()).toBeUndefined();
  });

  it('leave aside what is no traceparent, and do the work all the same', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.constant(`00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`)), (text) => expect(withTraceparent(text, () => [currentTraceparent()])).toEqual([undefined])));
  });
});

describe('log lines', () => {
  it('say the service and the trace', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    expect(asService('registry', () => withTraceparent(traceparent, () => logFields('first')))).toEqual({ service: 'registry', traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) });
    expect(logFields('first')).toEqual({ service: 'first' });
  });
});
