import { DomainError } from '@common-ground/kernel';
import { z } from 'zod';
import { ERROR_KINDS } from './error-table.js';

/** The metadata field in which a service says, beside the status, what exactly went wrong. */
export const ERROR_METADATA = 'x-error-bin';

/** Metadata must stay small: a batch tells its refusals row by row in its answer. */
const MOST_REFUSALS = 50;
const MOST_BYTES = 12_000;
const LONGEST_MESSAGE = 1_000;

const text = z.string();
const wireError = z.object({
  kind: z.enum(ERROR_KINDS),
  code: text,
  message: text,
  details: z.record(text, z.union([text, z.number(), z.boolean(), z.array(text)])).default({}),
  refusals: z.array(z.object({ code: text, message: text, path: z.array(text) })).default([]),
});

/** As many refusals as fit; the error itself always does. */
export const encodeError = ({ kind, code, message, details, refusals }: DomainError): Buffer => {
  const said = { kind, code, message: message.slice(0, LONGEST_MESSAGE), details };
  for (let most = MOST_REFUSALS; most >= 1; most = Math.floor(most / 2)) {
    const bytes = Buffer.from(JSON.stringify({ ...said, refusals: refusals.slice(0, most) }));
    if (bytes.length <= MOST_BYTES) return bytes;
  }
  return Buffer.from(JSON.stringify({ kind, code, message: said.message, refusals: [] }));
};

/** @returns the error that a service meant, or undefined when the bytes are none */
export const decodeError = (bytes: Uint8Array): DomainError | undefined => {
  try {
    const { kind, code, message, details, refusals } = wireError.parse(JSON.parse(Buffer.from(bytes).toString()));
    return new DomainError(kind, code, message, details, refusals);
  } catch {
    return undefined;
  }
};
