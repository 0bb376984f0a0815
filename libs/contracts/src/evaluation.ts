export * from './gen/commonground/evaluation/v1/facts.js';
export * from './gen/commonground/evaluation/v1/service.js';
// Both generated files export these; named here because `export *` alone would be ambiguous.
export { protobufPackage, protobufFileName } from './gen/commonground/evaluation/v1/facts.js';
export type { DeepPartial, MessageFns } from './gen/commonground/evaluation/v1/facts.js';
