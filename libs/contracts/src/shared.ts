export * from './gen/commonground/shared/v1/shared.js';
