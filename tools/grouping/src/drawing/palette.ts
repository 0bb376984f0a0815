import { element, type Drawn } from './svg.js';

export const INK = '#1b2433';
/** On white 5.9 : 1. */
export const QUIET = '#586174';
export const LINE = '#c4cad4';
export const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

type Shade = { readonly fill: string; readonly ink: string };

/** By times met. Numbers stand on every shade with a contrast of at least 4.5 : 1 (WCAG 2.2, 1.4.3). */
const ACROSS: readonly Shade[] = [
  { fill: '#ffffff', ink: QUIET },
  { fill: '#d6e6fb', ink: INK },
  { fill: '#8fbcf2', ink: INK },
  { fill: '#1f5fbf', ink: '#ffffff' },
  { fill: '#12346b', ink: '#ffffff' },
];
const WITHIN: readonly Shade[] = [
  { fill: '#f6f4ef', ink: QUIET },
  { fill: '#e6dfd0', ink: INK },
  { fill: '#cdbf9f', ink: INK },
  { fill: '#7d6633', ink: '#ffffff' },
  { fill: '#4a3b17', ink: '#ffffff' },
];

export const DARKEST = ACROSS.length - 1;

export const shadeOf = (times: number, across: boolean): Shade => (across ? ACROSS : WITHIN)[Math.min(times, DARKEST)] as Shade;

const MARKS = ['M 0 -5 A 5 5 0 1 1 0 5 A 5 5 0 1 1 0 -5 Z', 'M -4.5 -4.5 H 4.5 V 4.5 H -4.5 Z', 'M 0 -5.5 L 5.5 4.5 H -5.5 Z', 'M 0 -6 L 6 0 L 0 6 L -6 0 Z'];
const FILLS = ['#1f5fbf', '#a8481a', '#1d7a4f', '#7a3aa0'];

/** A side's own shape as well as its colour; with more than four sides shapes come again, hollow. */
export const markOf = (side: number, x: number, y: number): Drawn => {
  const hollow = side >= MARKS.length;
  const colour = FILLS[side % FILLS.length] as string;
  return element('path', { d: MARKS[side % MARKS.length] as string, transform: `translate(${x} ${y})`, fill: hollow ? '#ffffff' : colour, stroke: colour, 'stroke-width': 1.5 });
};
