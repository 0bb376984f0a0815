import { LEADER, type Season } from '../season.js';
import { INK, LINE, markOf, QUIET } from './palette.js';
import { element, text, widthOf, type Block, type Drawn } from './svg.js';

const ROW = 22;
const COLUMN = 40;
const HEAD = 26;
/** Where words begin, right of the mark of a side. */
const NAME = 20;

/** Who leads when: a row for each person, a column for each activity, with the group that the person is in. */
export const drawRota = (season: Season): Block => {
  const { people, sides, series, rota } = season;
  const label = NAME + Math.max(widthOf('Leaders: ') + Math.max(...sides.map((side) => widthOf(side))), ...people.map(({ id }) => widthOf(id))) + 8;
  const drawn: Drawn[] = [];
  const between: Drawn[] = [];
  const end = label + series.activities.length * COLUMN;
  series.activities.forEach((_, index) => drawn.push(text(String(index + 1), { x: label + index * COLUMN + COLUMN / 2, y: 16, 'text-anchor': 'middle', 'font-weight': 600 })));
  drawn.push(text('Activity', { x: NAME, y: 16, 'font-weight': 600 }), text('Times led', { x: end + 12, y: 16, 'font-weight': 600 }));
  people.forEach(({ id, side }, row) => {
    const y = HEAD + row * ROW;
    if (row > 0 && people[row - 1]?.side !== side) between.push(element('line', { x1: 0, y1: y, x2: end + 76, y2: y, stroke: INK, 'stroke-width': 2 }));
    drawn.push(markOf(sides.indexOf(side), 8, y + ROW / 2), text(id, { x: NAME, y: y + 15 }));
    series.activities.forEach(({ groups }, index) => {
      const group = groups.find((one) => one.people.includes(id));
      if (!group) return;
      const leads = rota.activities[index]?.holders.some((holder) => holder.role === LEADER && holder.person === id) ?? false;
      const x = label + index * COLUMN;
      drawn.push(element('rect', { x, y, width: COLUMN, height: ROW, fill: leads ? INK : '#ffffff', stroke: LINE, 'stroke-width': 0.5 }));
      drawn.push(text(leads ? `L ${group.id}` : group.id, { x: x + COLUMN / 2, y: y + 15, 'text-anchor': 'middle', fill: leads ? '#ffffff' : QUIET, 'font-weight': leads ? 700 : 400 }));
    });
    const times = rota.counts.find((count) => count.person === id && count.role === LEADER)?.times ?? 0;
    drawn.push(text(String(times), { x: end + 12, y: y + 15 }));
  });
  const foot = HEAD + people.length * ROW;
  drawn.push(...between, ...leadersBySide(season, { label, foot, end }));
  return { drawn, width: end + 90, height: foot + sides.length * ROW + 12 };
};

type Foot = { readonly label: number; readonly foot: number; readonly end: number };

/** How many leaders each side has in each activity: whether roles are even across sides. */
const leadersBySide = ({ people, sides, rota }: Season, { label, foot, end }: Foot): Drawn[] => {
  const sideOf = new Map(people.map(({ id, side }) => [id, side]));
  return [
    element('line', { x1: 0, y1: foot, x2: end + 76, y2: foot, stroke: INK, 'stroke-width': 2 }),
    ...sides.flatMap((side, row) => {
      const y = foot + 6 + row * ROW;
      const counts = rota.activities.map(({ holders }) => holders.filter(({ person }) => person !== null && sideOf.get(person) === side).length);
      return [
        markOf(row, 8, y + ROW / 2),
        text(`Leaders: ${side}`, { x: NAME, y: y + 15 }),
        ...counts.map((count, index) => text(String(count), { x: label + index * COLUMN + COLUMN / 2, y: y + 15, 'text-anchor': 'middle' })),
        text(String(counts.reduce((sum, count) => sum + count, 0)), { x: end + 12, y: y + 15 }),
      ];
    }),
  ];
};
