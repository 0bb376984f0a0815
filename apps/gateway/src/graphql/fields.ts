import { Field, Float, ID, Int, type ReturnTypeFunc } from '@nestjs/graphql';
import { DateScalar, DateTimeScalar } from './scalars.js';

type Describe = (description: string) => PropertyDecorator & MethodDecorator;

const field =
  (type: ReturnTypeFunc, nullable = false): Describe =>
  (description) =>
    Field(type, { description, nullable });

/** One decorator per type of field; a name that ends in `Or` says that it may be null. */
export const Id = field(() => ID);
export const Ids = field(() => [ID]);
export const Text = field(() => String);
export const TextOr = field(() => String, true);
export const Texts = field(() => [String]);
export const TextsOr = field(() => [String], true);
export const Whole = field(() => Int);
export const WholeOr = field(() => Int, true);
export const Real = field(() => Float);
export const RealOr = field(() => Float, true);
export const YesNo = field(() => Boolean);
export const YesNoOr = field(() => Boolean, true);
export const Moment = field(() => DateTimeScalar);
export const MomentOr = field(() => DateTimeScalar, true);
export const Day = field(() => DateScalar);
export const DayOr = field(() => DateScalar, true);
export const Of = (type: () => unknown, description: string) => Field(type as ReturnTypeFunc, { description });
export const OrOf = (type: () => unknown, description: string) => Field(type as ReturnTypeFunc, { description, nullable: true });

/** Proto has no null for text: empty means not said. */
export const said = (value: string): string | null => (value === '' ? null : value);
export const moment = (value: Date | undefined): Date => value ?? new Date(0);
export const momentOr = (value: Date | undefined): Date | null => value ?? null;

export const COMMAND_ID = 'Made by the client, a UUID. The same command sent again under the same id gives the same answer, so it is safe to retry; the same id with other input is refused.';
export const CREATED_ID = 'Made by the client, a UUID: what is created is known under it from then on.';
