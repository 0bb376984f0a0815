import type { Rung } from './ladder.js';

/** The rung from which a word may be said. What belongs to no rung is said by nobody: no survey proves anything. */
const FIRST_RUNG_OF_WORD: readonly (readonly [words: readonly string[], first: Rung | undefined])[] = [
  [['prove', 'proves', 'proved', 'proven', 'proof', 'guarantee', 'guarantees', 'guaranteed'], undefined],
  [
    [
      'effect', 'effects', 'effective', 'effectively', 'effectiveness', 'impact', 'impacts', 'impactful', 'caused', 'causal',
      'causally', 'led to', 'leads to', 'resulted in', 'results in', 'thanks to', 'because of the intervention', 'works',
      'worked', 'benefited', 'made people',
    ],
    5,
  ],
  [['difference between arms', 'than the comparison', 'compared with the comparison', 'relative to the comparison'], 4],
  [['gap to the public'], 3],
  [
    [
      'change', 'changes', 'changed', 'increase', 'increases', 'increased', 'decrease', 'decreases', 'decreased', 'improved',
      'improvement', 'worsened', 'gain', 'gains', 'gained', 'rose', 'fell', 'grew',
    ],
    2,
  ],
];

/** The words that claim more than the rung allows. */
export const forbiddenWords = (rung: Rung): readonly string[] =>
  FIRST_RUNG_OF_WORD.flatMap(([words, first]) => (first === undefined || rung < first ? words : []));

/**
 * Which of a rung's forbidden words a text holds, whatever their case; whole words only, so "leffective" is none.
 * For texts that others write beside an estimate as well: a headline, a caption, a lesson.
 */
export const forbiddenWordsIn = (rung: Rung, text: string): readonly string[] => {
  const spaced = ` ${text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ')} `;
  return forbiddenWords(rung).filter((word) => spaced.includes(` ${word} `));
};

/** A name that somebody gave, as it may stand in a sentence of this rung: one that makes a claim of its own is left out. */
export const nameWithin = (rung: Rung, name: string, otherwise: string): string => {
  const trimmed = name.trim();
  return trimmed === '' || forbiddenWordsIn(rung, trimmed).length > 0 ? otherwise : trimmed;
};
