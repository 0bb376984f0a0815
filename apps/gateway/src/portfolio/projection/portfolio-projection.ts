import { evaluationFold } from './evaluation.projection.js';
import type { Projection } from './projection.js';
import { registryFold } from './registry.projection.js';
import { riskFold } from './risk.projection.js';
import { schedulingFold } from './scheduling.projection.js';

/** The portfolio as a fold of every service's facts. No column takes from two topics, so it does not matter how topics interleave. */
export const PORTFOLIO_PROJECTION: Projection = [registryFold, schedulingFold, evaluationFold, riskFold];
