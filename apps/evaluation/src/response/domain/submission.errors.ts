import { DomainError, type ErrorKind, type Refusal } from '@common-ground/kernel';

type Path = readonly string[];

/** Messages name items and codes, never what somebody answered. */
export const refused = {
  respondentUnknown: (code: string): Refusal => ({ code: 'RESPONDENT_UNKNOWN', message: `Nobody is enrolled in this intervention under the code ${code}; enrol them first, or check the code.`, path: ['respondent'] }),
  empty: (): Refusal => ({ code: 'SUBMISSION_EMPTY', message: 'Give at least one answer.', path: ['answers'] }),
  unknownItem: (path: Path, item: string): Refusal => ({ code: 'UNKNOWN_ITEM', message: `The instrument of this round has no item ${item}; check its code.`, path }),
  notANumber: (path: Path, item: string): Refusal => ({ code: 'NOT_A_NUMBER', message: `The answer to ${item} is no number; leave the item out when it was not answered.`, path }),
  outOfRange: (path: Path, { code, minimum, maximum }: { code: string; minimum: number; maximum: number }): Refusal => ({ code: 'OUT_OF_RANGE', message: `An answer to ${code} lies between ${minimum} and ${maximum}; check it.`, path }),
  twice: (path: Path, item: string): Refusal => ({ code: 'DOUBLE_ANSWER', message: `The item ${item} is answered twice in this submission; keep one answer.`, path }),
  doubleAnswer: (path: Path, item: string): Refusal => ({ code: 'DOUBLE_ANSWER', message: `This respondent answered ${item} in this round before, otherwise; the first answer stands.`, path }),
  roundClosed: (): Refusal => ({ code: 'ROUND_CLOSED', message: 'This survey round is closed and takes no more answers; open another round.', path: [] }),
} as const;

const KINDS: Readonly<Record<string, ErrorKind>> = { RESPONDENT_UNKNOWN: 'not-found', DOUBLE_ANSWER: 'conflict', ROUND_CLOSED: 'conflict' };

/** A row's refusal as the failure of a command of its own. */
export const submissionRefused = ({ code, message, path }: Refusal): DomainError => new DomainError(KINDS[code] ?? 'invalid', code, message, { path: path.length > 0 ? path : ['roundId'] });

export const tooManyAnswers = (most: number): DomainError =>
  new DomainError('invalid', 'BATCH_TOO_LARGE', `A batch holds at most ${most} answers in all; send it in smaller parts.`, { path: ['submissions'] });
