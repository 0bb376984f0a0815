import { LEADER, type Season } from '../season.js';
import { LINE, markOf, QUIET } from './palette.js';
import { element, text, widthOf, type Block, type Drawn } from './svg.js';

const LINE_HEIGHT = 19;
const PADDING = 10;
const GROUPS_IN_A_ROW = 8;
const LABEL = 96;

/** The person who leads each group, by activity and group. */
const leadersOf = ({ rota }: Season): ReadonlyMap<string, string | null> =>
  new Map(rota.activities.flatMap(({ id, holders }) => holders.filter(({ role }) => role === LEADER).map(({ group, person }) => [`${id}/${group}`, person] as const)));

/** The groups of each activity, a box each; who leads is said in words. */
export const drawGroups = (season: Season): Block => {
  const { people, sides, series } = season;
  const leaders = leadersOf(season);
  const sideOf = new Map(people.map(({ id, side }) => [id, sides.indexOf(side)]));
  const box = Math.max(96, Math.max(...people.map(({ id }) => widthOf(`${id} leads`))) + 36);
  const largest = Math.max(...series.activities.flatMap(({ groups }) => groups.map((group) => group.people.length)));
  const boxHeight = 22 + largest * LINE_HEIGHT + PADDING;
  const columns = Math.min(GROUPS_IN_A_ROW, series.activities[0]?.groups.length ?? 1);
  const drawn: Drawn[] = [];
  let y = 0;
  for (const { id, groups } of series.activities) {
    drawn.push(text(sentenceCase(id), { x: 0, y: y + 17, 'font-weight': 600 }));
    groups.forEach((group, index) => {
      const [left, top] = [LABEL + (index % columns) * (box + 8), y + Math.floor(index / columns) * (boxHeight + 8)];
      drawn.push(element('rect', { x: left, y: top, width: box, height: boxHeight, rx: 4, fill: '#ffffff', stroke: LINE }));
      drawn.push(text(`Group ${group.id}`, { x: left + PADDING, y: top + 17, fill: QUIET }));
      const ordered = [...group.people].sort((one, other) => (sideOf.get(one) ?? 0) - (sideOf.get(other) ?? 0));
      ordered.forEach((person, at) => {
        const base = top + 36 + at * LINE_HEIGHT;
        const leads = leaders.get(`${id}/${group.id}`) === person;
        drawn.push(markOf(sideOf.get(person) ?? 0, left + PADDING + 5, base - 4));
        drawn.push(text(leads ? `${person} leads` : person, { x: left + PADDING + 17, y: base, 'font-weight': leads ? 700 : 400 }));
      });
    });
    y += Math.ceil(groups.length / columns) * (boxHeight + 8) + 6;
  }
  return { drawn, width: LABEL + columns * (box + 8), height: y };
};

export const sentenceCase = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
