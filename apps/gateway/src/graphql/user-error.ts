import { type Type } from '@nestjs/common';
import { ObjectType } from '@nestjs/graphql';
import { isDomainError, type DomainError } from '@common-ground/kernel';
import type { shared } from '@common-ground/contracts';
import { RowResult } from './enums.js';
import { Of, OrOf, Text, Texts, Whole } from './fields.js';

@ObjectType({ description: 'Something a person can cause and mend.' })
export class UserError {
  @Text('What kind of refusal this is, from a closed set, for programs.') code!: string;
  @Text('What is wrong and how to mend it, for people.') message!: string;
  @Texts('Path of the offending input, outermost first; empty when it is not about one field.') path!: readonly string[];
}

@ObjectType({ description: 'What became of one row of a batch; a batch answers every row, in order.' })
export class RowOutcome {
  @Whole('Position of the row in the input, from 0.') row!: number;
  @Of(() => RowResult, 'Accepted, unchanged or refused.') outcome!: string;
  @OrOf(() => UserError, 'Why the row was refused; its path is below the row.') error!: UserError | null;
}

@ObjectType({ isAbstract: true })
export abstract class Payload {
  @Of(() => [UserError], 'Why nothing was done; empty when it was.') errors!: readonly UserError[];
}

@ObjectType({ isAbstract: true })
export abstract class BatchPayload extends Payload {
  @Of(() => [RowOutcome], 'What became of each row, in order; empty when the whole was refused.') outcomes!: readonly RowOutcome[];
}

export const rowOutcomes = (rows: readonly shared.RowOutcome[]): readonly RowOutcome[] =>
  rows.map(({ row, outcome, code, message, path }) => ({ row, outcome, error: outcome === 'refused' ? { code, message, path } : null }));

/** Not of the caller's making, so no data: the same command is simply tried again. */
const isTopLevel = ({ kind }: DomainError): boolean => kind === 'unauthenticated' || kind === 'unavailable';

/** Turns what a person can cause into data; the rest goes on as an error. */
export const outcomeOf = async <T extends object>(work: () => Promise<T>): Promise<T & { errors: readonly UserError[] }> => {
  try {
    return { ...(await work()), errors: [] };
  } catch (error) {
    if (!isDomainError(error) || isTopLevel(error)) throw error;
    const refusals = error.refusals.length > 0 ? error.refusals : [{ code: error.code, message: error.message, path: error.details.path ?? [] }];
    return { outcomes: [], errors: refusals.map(({ code, message, path }) => ({ code, message, path })) } as unknown as T & { errors: readonly UserError[] };
  }
};

/** The one-field payload of a mutation. */
export const payloadOf = <T>(name: string, type: Type<T>, result: string, description: string): Type<Payload> => {
  @ObjectType(name, { description: `Answer of ${name.charAt(0).toLowerCase()}${name.slice(1, -'Payload'.length)}.` })
  class ResultPayload extends Payload {}
  OrOf(() => type, description)(ResultPayload.prototype, result);
  return ResultPayload;
};

export const batchPayloadOf = (name: string): Type<BatchPayload> => {
  @ObjectType(name, { description: `Answer of ${name.charAt(0).toLowerCase()}${name.slice(1, -'Payload'.length)}.` })
  class RowsPayload extends BatchPayload {}
  return RowsPayload;
};
