import type { Season } from '../season.js';
import { DARKEST, INK, LINE, markOf, shadeOf } from './palette.js';
import { element, text, widthOf, type Block, type Drawn } from './svg.js';

const CELL = 22;
const MARK_ROOM = 18;

/** Who met whom: a row and a column each, sides apart by a line. */
export const drawMatrix = (season: Season): Block => {
  const { people } = season;
  const label = MARK_ROOM + Math.max(...people.map(({ id }) => widthOf(id))) + 8;
  const side = people.length * CELL;
  return {
    drawn: [...headings(season, label), ...cells(season, label), ...sideLines(season, label), ...legend(label, label + side + 28)],
    width: Math.max(label + side + 2, label + 620),
    height: label + side + 52,
  };
};

const headings = ({ people, sides }: Season, label: number): Drawn[] =>
  people.flatMap(({ id, side }, place) => {
    const middle = label + place * CELL + CELL / 2;
    const mark = sides.indexOf(side);
    return [
      markOf(mark, 8, middle),
      text(id, { x: label - 8, y: middle + 4, 'text-anchor': 'end' }),
      markOf(mark, middle, 8),
      text(id, { transform: `translate(${middle + 4} ${label - 8}) rotate(-90)` }),
    ];
  });

const cells = ({ people, met }: Season, label: number): Drawn[] =>
  people.flatMap((one, row) =>
    people.flatMap((other, column): Drawn[] => {
      const [x, y] = [label + column * CELL, label + row * CELL];
      const box = { x, y, width: CELL, height: CELL, stroke: LINE, 'stroke-width': 0.5 };
      if (row === column) return [element('rect', { ...box, fill: LINE })];
      const times = met[row]?.[column] ?? 0;
      const { fill, ink } = shadeOf(times, one.side !== other.side);
      return [element('rect', { ...box, fill }), text(String(times), { x: x + CELL / 2, y: y + CELL / 2 + 4, 'text-anchor': 'middle', fill: ink })];
    }),
  );

const sideLines = ({ people, sides }: Season, label: number): Drawn[] => {
  const end = label + people.length * CELL;
  const edges = [0, ...sides.map((side) => people.findLastIndex((person) => person.side === side) + 1)].map((place) => label + place * CELL);
  return edges.flatMap((at) => [
    element('line', { x1: 0, y1: at, x2: end, y2: at, stroke: INK, 'stroke-width': 2 }),
    element('line', { x1: at, y1: 0, x2: at, y2: end, stroke: INK, 'stroke-width': 2 }),
  ]);
};

const legend = (x: number, y: number): Drawn[] => {
  const counts = Array.from({ length: DARKEST + 1 }, (_, times) => times);
  const strip = (words: string, across: boolean, left: number): Drawn[] => [
    text(words, { x: left, y: y + 15 }),
    ...counts.flatMap((times) => {
      const at = left + 150 + times * 30;
      const { fill, ink } = shadeOf(times, across);
      return [
        element('rect', { x: at, y, width: 30, height: CELL, fill, stroke: LINE }),
        text(times === DARKEST ? `${times}+` : String(times), { x: at + 15, y: y + 15, 'text-anchor': 'middle', fill: ink }),
      ];
    }),
  ];
  return [...strip('Times met across sides', true, x), ...strip('Times met within a side', false, x + 320)];
};
