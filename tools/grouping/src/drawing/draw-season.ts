import type { Season } from '../season.js';
import { drawGroups } from './groups.js';
import { drawMatrix } from './matrix.js';
import { FONT, INK, markOf, QUIET } from './palette.js';
import { drawRota } from './rota.js';
import { element, escapeText, group, text, widthOf, type Block, type Drawn } from './svg.js';

const MARGIN = 32;

type Section = { readonly heading: string; readonly words: string; readonly block: Block };

/** A season as one SVG document that needs nothing else: who met whom, the groups, who leads when. */
export const drawSeason = (season: Season): string => {
  const { people, series, rota } = season;
  const title = `A season of groups: ${people.length} people, ${series.activities.length} ${series.activities.length === 1 ? 'activity' : 'activities'}`;
  const lines = summaryOf(season);
  const sections: Section[] = [
    { heading: 'Who met whom', words: 'The number is how often two people shared a group. Read a row to see whom a person met.', block: drawMatrix(season) },
    { heading: 'Groups of each activity', words: 'Who leads a group stands in bold.', block: drawGroups(season) },
    { heading: 'Who leads when', words: 'The number is the group that a person is in; a dark field with an L says that they lead it.', block: drawRota(season) },
  ];
  const notes = rota.bent.map(({ sentence }) => sentence).flatMap((sentence) => wrapped(sentence, 110));
  const parts: Drawn[] = [text(title, { x: MARGIN, y: 50, 'font-size': 26, 'font-weight': 700 })];
  let y = 80;
  for (const line of lines) {
    parts.push(text(line, { x: MARGIN, y, 'font-size': 15 }));
    y += 22;
  }
  parts.push(...sidesLegend(season, y + 4));
  y += 44;
  for (const { heading, words, block } of sections) {
    parts.push(text(heading, { x: MARGIN, y, 'font-size': 18, 'font-weight': 700 }), text(words, { x: MARGIN, y: y + 22, 'font-size': 13, fill: QUIET }));
    parts.push(group(MARGIN, y + 38, block.drawn));
    y += 38 + block.height + 44;
  }
  notes.forEach((note, index) => parts.push(text(note, { x: MARGIN, y: y - 16 + index * 18, 'font-size': 13 })));
  const words = [title, ...lines, ...notes];
  const width = MARGIN * 2 + Math.max(...sections.map(({ block }) => block.width), ...words.map((line) => widthOf(line, 14)));
  return documentOf({ width: Math.ceil(width), height: Math.ceil(y + notes.length * 18), title, description: words.slice(1).join(' '), parts });
};

type Sheet = { readonly width: number; readonly height: number; readonly title: string; readonly description: string; readonly parts: readonly Drawn[] };

const documentOf = ({ width, height, title, description, parts }: Sheet): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', role: 'img', 'aria-labelledby': 'season-title season-description', width, height, viewBox: `0 0 ${width} ${height}`, 'font-family': FONT, 'font-size': 12, fill: INK },
    [
      element('title', { id: 'season-title' }, [escapeText(title)]),
      element('desc', { id: 'season-description' }, [escapeText(description)]),
      element('rect', { width, height, fill: '#ffffff' }),
      ...parts,
    ],
  )}\n`;

const percent = (part: number, whole: number): string => `${Math.round((100 * part) / whole)} %`;

/** Everybody is at every activity, so that chance brings together as many across sides as within them, by their share of pairs. */
const summaryOf = ({ sides, series, groupSize }: Season): string[] => {
  const { distinct, distinctAcross, possible, possibleAcross, randomMean, repeats, upperBound } = series.encounters;
  const across =
    sides.length > 1
      ? `Across sides ${distinctAcross} of ${possibleAcross} pairs met: ${percent(distinctAcross, possibleAcross)}, where groups by chance bring ${percent(randomMean, possible)}.`
      : 'All are of one side, so nobody can meet across sides.';
  return [
    across,
    `In all ${distinct} of ${possible} pairs met; no plan has more than ${upperBound}, and chance brings ${Math.round(randomMean)}. Meetings again: ${repeats}.`,
    `Groups of about ${groupSize}, seed ${series.run.seed}: the same file and seed give the same season.`,
  ];
};

const sidesLegend = ({ sides, people }: Season, y: number): Drawn[] => {
  let x = MARGIN + 6;
  return sides.flatMap((side, index) => {
    const words = `${side} (${people.filter((person) => person.side === side).length})`;
    const at = x;
    x += widthOf(words, 14) + 40;
    return [markOf(index, at, y - 5), text(words, { x: at + 12, y, 'font-size': 14 })];
  });
};

const wrapped = (sentence: string, length: number): string[] =>
  sentence.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    return last !== undefined && last.length + word.length < length ? [...lines.slice(0, -1), `${last} ${word}`] : [...lines, word];
  }, []);
