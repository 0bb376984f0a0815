import highs from 'highs';

/** The package calls itself CommonJS, so its types put the loader one level deeper than it is. */
export const createHighs = highs as unknown as typeof highs.default;
