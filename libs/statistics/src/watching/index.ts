export * from './count-run-length.js';
export * from './cox.js';
export * from './cusum.js';
export * from './ears.js';
export { ewmaChart, type EwmaChart, type EwmaOptions, type EwmaPoint } from './ewma.js';
export * from './farrington.js';
export * from './funnel.js';
export * from './poisson-tests.js';
export * from './proportion-charts.js';
export * from './rare-events.js';
export * from './run-length.js';
export { logRankTest, survivalCurve, type LogRank, type Spell, type SurvivalCurve, type SurvivalStep } from './survival.js';
export {
  xmrChart,
  xmrLimits,
  type XmrChart,
  type XmrLimits,
  type XmrOptions,
  type XmrRule,
  type XmrSignal,
} from './xmr.js';
