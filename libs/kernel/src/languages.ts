import type { Refusal } from './domain-error.js';
import { shown } from './text.js';

export const LANGUAGES_AT_MOST = 20;

const canonical = (tag: string): string | undefined => {
  try {
    // BCP 47 limits a tag in practice to 35 characters (RFC 5646, 4.4.1).
    return tag.length <= 35 ? Intl.getCanonicalLocales(tag)[0] : undefined;
  } catch {
    return undefined;
  }
};

/** BCP 47 tags in canonical form, each once, in the order given; those that are none are left out. */
export const tidyLanguages = (tags: readonly string[]): string[] => [...new Set(tags.map(canonical).filter((tag): tag is string => tag !== undefined))];

export const refuseLanguages = (path: readonly string[], tags: readonly string[], { min = 0 }: { readonly min?: number } = {}): Refusal[] => {
  if (tags.length < min) return [{ code: 'LANGUAGE_MISSING', message: 'Give at least one language, as es or pt-BR.', path }];
  if (tags.length > LANGUAGES_AT_MOST) return [{ code: 'LANGUAGES_TOO_MANY', message: `${tags.length} languages were given; at most ${LANGUAGES_AT_MOST} fit.`, path }];
  return tags.flatMap((tag, index) =>
    canonical(tag) === undefined ? [{ code: 'LANGUAGE_INVALID', message: `${shown(tag)} is not a language tag of BCP 47; write it as es or pt-BR.`, path: [...path, String(index)] }] : [],
  );
};
