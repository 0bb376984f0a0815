import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

const STRICT = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

const refuse = (message: string): never => {
  throw new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
};

const isDay = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
};

const readMoment = (value: unknown): Date => {
  const parts = typeof value === 'string' && value.length <= 40 ? STRICT.exec(value) : null;
  if (!parts) return refuse('A DateTime is written as 2026-03-14T18:30:00+01:00, with its offset from UTC.');
  const [, year, month, day, hour, minute, second] = parts.map(Number);
  const sound = isDay(year ?? 0, month ?? 0, day ?? 0) && (hour ?? 0) < 24 && (minute ?? 0) < 60 && (Number.isNaN(second) || (second ?? 0) < 60);
  return sound ? new Date(value as string) : refuse('There is no such moment in the calendar.');
};

const readDay = (value: unknown): string => {
  const parts = typeof value === 'string' ? DAY.exec(value) : null;
  if (!parts) return refuse('A Date is written as 2026-03-14.');
  return isDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) ? (value as string) : refuse('There is no such day in the calendar.');
};

const textOf = (node: ValueNode): unknown => (node.kind === Kind.STRING ? node.value : undefined);

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'A moment: ISO 8601 with its offset from UTC, e.g. 2026-03-14T18:30:00+01:00.',
  serialize: (value) => (value as Date).toISOString(),
  parseValue: readMoment,
  parseLiteral: (node) => readMoment(textOf(node)),
});

export const DateScalar = new GraphQLScalarType<string, string>({
  name: 'Date',
  description: 'A calendar day in the mission’s time zone, YYYY-MM-DD.',
  serialize: (value) => value as string,
  parseValue: readDay,
  parseLiteral: (node) => readDay(textOf(node)),
});
