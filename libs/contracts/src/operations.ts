export * from './gen/commonground/operations/v1/service.js';
