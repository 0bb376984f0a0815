import type { operations } from '@common-ground/contracts';
import type { DecodeFact } from '../consumer/handlers.js';
import type { ParkedFact } from '../consumer/parking.js';
import { positionOf } from './replay-from.js';

/** Headers of our own facts, which hold codes and ids. What else a message carries may be anybody's: it is named and not shown. */
const OURS = /^(ce_(specversion|id|type|source|time|subject|sequence|mission|quiet)|content-type|traceparent)$/;

/** A number in one service's database becomes unambiguous with the service's name. */
export const idIn = (service: string, id: string): string => `${service}:${id}`;

export const shownFact = (service: string, { id, group, record, verdict, reason, attempts, parkedAt }: ParkedFact): operations.ParkedFact => ({
  id: idIn(service, id),
  consumer: group,
  key: record.key ?? '',
  verdict,
  reason,
  attempts,
  parkedAt,
  factId: record.headers['ce_id'] ?? '',
  type: record.headers['ce_type'] ?? '',
  position: positionOf(record),
});

export const shownHeaders = ({ record: { headers } }: ParkedFact): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, OURS.test(name) ? (value ?? '') : '(not shown)']));

/** What a fact says, as JSON: facts carry codes, counts and coarse attributes, so it can be shown. Empty when it cannot be read. */
export const shownContent = ({ record: { headers, value } }: ParkedFact, decode: DecodeFact): string => {
  if (value === null) return '';
  try {
    const content = decode(headers['ce_type'] ?? '', value);
    return content === undefined ? '' : JSON.stringify(content);
  } catch {
    return '';
  }
};
