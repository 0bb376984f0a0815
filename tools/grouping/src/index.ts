export { drawSeason } from './drawing/draw-season.js';
export { peopleOf } from './people.js';
export { planSeason, type Season, type SeasonPlan } from './season.js';
