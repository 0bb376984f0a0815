import { requireFinite } from './inputs.js';

export type Moments = { readonly n: number; readonly mean: number; readonly sd: number };

/** Mean, scaled before it is summed, so that large values do not overflow. */
export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value / values.length, 0);

/** Number, mean and standard deviation (divisor n - 1; NaN inside for n < 2, so check n first). */
export const momentsOf = (name: string, values: readonly number[]): Moments => {
  requireFinite(name, values);
  const mean = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { n: values.length, mean, sd: Math.sqrt(squares / (values.length - 1)) };
};

/** Whether a spread is rounding error beside the size of its values. */
export const isNoSpread = (sd: number, mean: number): boolean => !(sd > 1e-12 * Math.abs(mean) && sd > 0);

/** The largest absolute value; not Math.max(...), whose arguments live on the stack. */
export const sizeOf = (values: readonly number[]): number =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
