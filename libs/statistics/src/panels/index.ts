export * from './attrition.js';
export * from './attrition-boundary.js';
export * from './bounds.js';
export * from './intraclass.js';
export * from './logistic.js';
export { mixedModel, type MixedContrast, type MixedEstimate, type MixedModelFit, type MixedModelInput } from './mixed-model.js';
export * from './multiple-imputation.js';
export * from './response-weights.js';
export * from './waves.js';
