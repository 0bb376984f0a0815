export { auditTable, type AuditOptions, type Known } from './audit.js';
export { addTold, tellMean, tellPercentage, type FigureOptions, type PeopleSum, type Told } from './figures.js';
export { highsSolver } from './highs-solver.js';
export { simplexSolver, type Extreme, type LinearProgram, type LpSolver } from './linear-program.js';
export { isSmallCount, suppressTable, type Suppression, type SuppressionOptions } from './suppress.js';
export { crossTable, twoReleases, type CountTable, type CrossTable, type KnownSum, type TwoReleases } from './table.js';
