declare const mark: unique symbol;

/** A value that only this library can make. The mark exists for the compiler alone and carries the rung a second time. */
export type Sealed<T, R> = T & { readonly [mark]: R };

/** What was sealed, by identity: a copy, however alike, is not among them. */
const made = new WeakSet<object>();

/** The caller's own objects stay as they are: what is sealed is a copy, frozen through and through. */
const frozenCopy = <T>(value: T): T => {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as T;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, part]) => [key, frozenCopy(part)]))) as T;
};

/** Not exported from the library: who could call it could upgrade a claim. */
export const seal = <T extends object, R>(value: T): Sealed<T, R> => {
  const own = frozenCopy(value);
  made.add(own);
  return own as Sealed<T, R>;
};

/** @throws TypeError when the value was not sealed here */
export const requireSealed = (name: string, value: object, maker: string): void => {
  if (!made.has(value))
    throw new TypeError(`${name} must come from ${maker}: a copy or a hand-made object cannot carry a rung`);
};
