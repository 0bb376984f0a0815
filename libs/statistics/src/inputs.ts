/** Values beyond this would overflow when squared; no scale that people answer on comes near. */
const LARGEST = 1e150;

/** @throws RangeError that names the first value which is not a usable number */
export const requireFinite = (name: string, values: readonly number[]): void => {
  values.forEach((value, index) => {
    if (!Number.isFinite(value) || Math.abs(value) > LARGEST)
      throw new RangeError(`${name}[${index}] must be a finite number within ±${LARGEST}, not ${value}`);
  });
};

/** @throws RangeError that names both lists when their lengths differ */
export const requireSameLength = (
  name: string,
  list: readonly unknown[],
  otherName: string,
  other: readonly unknown[],
): void => {
  if (list.length !== other.length)
    throw new RangeError(
      `${name} has ${list.length} entries and ${otherName} ${other.length}: they must match`,
    );
};

/** @throws RangeError unless the confidence level is strictly between 0 and 1 */
export const requireLevel = (level: number): void => {
  if (!(level > 0 && level < 1))
    throw new RangeError(`level must be between 0 and 1, e.g. 0.95, not ${level}`);
};
