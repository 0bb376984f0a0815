/** A piece of SVG whose text is escaped already. */
export type Drawn = string;

type Values = Readonly<Record<string, string | number>>;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeText = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);

const rounded = (value: string | number): string => (typeof value === 'number' ? String(Math.round(value * 10) / 10) : escapeText(value));

const attributesOf = (values: Values): string =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${rounded(value)}"`)
    .join('');

/** @param inner drawn pieces, not text of a person */
export const element = (name: string, values: Values, inner: readonly Drawn[] = []): Drawn =>
  inner.length > 0 ? `<${name}${attributesOf(values)}>${inner.join('\n')}</${name}>` : `<${name}${attributesOf(values)}/>`;

export const text = (words: string, values: Values): Drawn => `<text${attributesOf(values)}>${escapeText(words)}</text>`;

export const group = (x: number, y: number, inner: readonly Drawn[]): Drawn => element('g', { transform: `translate(${x} ${y})` }, inner);

/** One part of the picture and the room that it takes. */
export type Block = { readonly drawn: readonly Drawn[]; readonly width: number; readonly height: number };

/** About the width of words in pixels: wide enough for a wide typeface. */
export const widthOf = (words: string, size = 12): number => [...words].length * size * 0.6;
