/** @throws RangeError unless the probability is from 0 to 1 */
export const requireProbability = (name: string, p: number): void => {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`${name} must be from 0 to 1, not ${p}`);
};

/** @throws RangeError unless the parameter is finite and above 0 */
export const requirePositive = (name: string, value: number): void => {
  if (!(value > 0 && value < Infinity))
    throw new RangeError(`${name} must be a finite number above 0, not ${value}`);
};

/** @throws RangeError unless the parameter is a whole number of at least 0 */
export const requireCount = (name: string, value: number): void => {
  if (!(Number.isInteger(value) && value >= 0))
    throw new RangeError(`${name} must be a whole number of at least 0, not ${value}`);
};

/** @throws RangeError when the value is NaN; infinite bounds are fine */
export const requireNumber = (name: string, value: number): void => {
  if (Number.isNaN(value)) throw new RangeError(`${name} must be a number`);
};
