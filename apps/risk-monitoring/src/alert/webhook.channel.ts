import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { AddressRefused, guardedLookup, mayReach, type AddressPolicy } from './address-guard.js';
import type { Alert, Outcome } from './domain/alert.js';
import { webhookBody } from './domain/message.js';

const TIMEOUT_MS = 10_000;
const GONE = 410;

type Call = { readonly url: string; readonly signingSecret: string; readonly now: Date };

const answered = (status: number): Outcome => {
  if (status >= 200 && status < 300) return { delivered: true, proof: `HTTP ${status}` };
  if (status >= 300 && status < 400) return { delivered: false, proof: `HTTP ${status}: redirects are not followed` };
  return { delivered: false, proof: `HTTP ${status}`, final: status === GONE };
};

const post = (url: URL, body: string, headers: Readonly<Record<string, string>>, policy: AddressPolicy): Promise<number> =>
  new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, { method: 'POST', headers, agent: false, lookup: guardedLookup(policy), signal: AbortSignal.timeout(TIMEOUT_MS) }, (response) => {
      resolve(response.statusCode ?? 0);
      // Only the status is wanted; whatever else comes is not read.
      response.destroy();
    });
    request.on('error', reject);
    request.end(body);
  });

/** Signed calls as Standard Webhooks describes them: the alert's id is the message's id at every try. */
export const sendWebhook = async (alert: Alert, { url: target, signingSecret, now }: Call, policy: AddressPolicy): Promise<Outcome> => {
  const url = new URL(target);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // A host that is an address already is never looked up.
  if (isIP(host) && !mayReach(host, policy)) return { delivered: false, proof: new AddressRefused().message };
  const body = webhookBody(alert);
  const headers = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    'user-agent': 'common-ground-webhooks/1',
    'webhook-id': alert.id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
    'webhook-signature': new Webhook(signingSecret).sign(alert.id, now, body),
  };
  return answered(await post(url, body, headers, policy));
};
