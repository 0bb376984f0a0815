import { DomainError, type ErrorKind, type Refusal } from '@common-ground/kernel';
import { ERROR_TABLE } from './error-table.js';

/** The metadata field in which a service says, beside the status, what exactly went wrong. */
export const ERROR_METADATA = 'x-error-bin';

type WireError = { readonly kind: ErrorKind; readonly code: string; readonly message: string; readonly details: DomainError['details']; readonly refusals: readonly Refusal[] };

/** Metadata must stay small; a batch tells its refusals row by row in its answer. */
const MOST_REFUSALS = 50;

export const encodeError = ({ kind, code, message, details, refusals }: DomainError): Buffer =>
  Buffer.from(JSON.stringify({ kind, code, message, details, refusals: refusals.slice(0, MOST_REFUSALS) } satisfies WireError));

/** @returns the error that a service meant, or undefined when the bytes are none */
export const decodeError = (bytes: Uint8Array): DomainError | undefined => {
  try {
    const { kind, code, message, details, refusals } = JSON.parse(Buffer.from(bytes).toString()) as WireError;
    return kind in ERROR_TABLE ? new DomainError(kind, code, message, details, refusals) : undefined;
  } catch {
    return undefined;
  }
};
