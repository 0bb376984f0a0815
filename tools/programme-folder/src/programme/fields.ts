import type { FileRefusal } from '../refusal.js';
import type { Row } from '../reading/csv-table.js';

/** Reads the columns of one row and collects what is wrong with them. */
export type Fields = {
  readonly line: number;
  text(column: string, maximum: number): string;
  required(column: string, maximum: number): string;
  list(column: string): readonly string[];
  oneOf(column: string, allowed: readonly string[], otherwise: string): string;
  requiredOneOf(column: string, allowed: readonly string[]): string;
  number(column: string): number;
  wholeNumber(column: string, low: number, high: number): number;
  date(column: string): string;
  moment(column: string): string;
  yes(column: string): boolean;
};

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
// eslint-disable-next-line no-control-regex -- finding them is the point
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

const isRealDate = (value: string): boolean => {
  const [, year, month, day] = DATE.exec(value) ?? [];
  if (!year || !month || !day) return false;
  const time = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(value) && value >= '1990-01-01' && value < '2100-01-01';
};

const isRealMoment = (value: string): boolean =>
  MOMENT.test(value) && isRealDate(value.slice(0, 10)) && !Number.isNaN(new Date(value).getTime());

const shown = (value: string): string => JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}...` : value);

export const fieldsOf = (file: string, row: Row, refusals: FileRefusal[]): Fields => {
  const refuse = (column: string, reason: string): void => void refusals.push({ file, row: row.line, column, reason });
  const raw = (column: string): string => row.values[column] ?? '';
  const text = (column: string, maximum: number): string => {
    const value = raw(column);
    if (value.length > maximum) refuse(column, `is ${value.length} characters long; at most ${maximum} fit`);
    if (CONTROL.test(value)) refuse(column, 'holds control characters; type it again');
    return value;
  };
  const required = (column: string, maximum: number): string => {
    const value = text(column, maximum);
    if (value === '') refuse(column, 'is empty and must be given');
    return value;
  };
  const requiredOneOf = (column: string, allowed: readonly string[]): string => {
    const value = required(column, 64);
    if (value !== '' && !allowed.includes(value)) refuse(column, `${shown(value)} is none of ${allowed.join(', ')}`);
    return value;
  };
  const checked = (column: string, isReal: (value: string) => boolean, expected: string): string => {
    const value = required(column, 64);
    if (value !== '' && !isReal(value)) refuse(column, `${shown(value)} is not ${expected}`);
    return value;
  };
  const number = (column: string): number => {
    const value = required(column, 32);
    const parsed = Number(value);
    if (value !== '' && !(/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) && Number.isFinite(parsed))) refuse(column, `${shown(value)} is not a number`);
    return parsed;
  };
  return {
    line: row.line,
    text,
    required,
    list: (column) => text(column, 400).split(/[\s;]+/).filter(Boolean),
    requiredOneOf,
    oneOf: (column, allowed, otherwise) => (raw(column) === '' ? otherwise : requiredOneOf(column, allowed)),
    number,
    wholeNumber: (column, low, high) => {
      if (raw(column) === '') return 0;
      const value = number(column);
      if (!Number.isInteger(value) || value < low || value > high) refuse(column, `${shown(raw(column))} is not a whole number from ${low} to ${high}`);
      return value;
    },
    date: (column) => checked(column, isRealDate, 'a date between 1990 and 2099, written 2026-03-31'),
    moment: (column) => checked(column, isRealMoment, 'a moment with its offset, written 2026-03-31T18:00:00+02:00'),
    yes: (column) => ['yes', 'true', '1'].includes(requiredOneOf(column, ['yes', 'no', 'true', 'false', '1', '0'])),
  };
};
