import { evaluationProjection } from './evaluation.projection.js';
import type { Projection } from './projection.js';
import { registryProjection } from './registry.projection.js';
import { riskProjection } from './risk.projection.js';
import { schedulingProjection } from './scheduling.projection.js';

/** The portfolio as a fold of every service's facts. No table takes from two topics, so it does not matter how topics interleave. */
export const PORTFOLIO_PROJECTION: Projection = [...registryProjection, ...schedulingProjection, ...evaluationProjection, ...riskProjection];
