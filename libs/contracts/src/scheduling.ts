export * from './gen/commonground/scheduling/v1/facts.js';
export * from './gen/commonground/scheduling/v1/service.js';
// Both generated files export these; named here because `export *` alone would be ambiguous.
export { protobufPackage, protobufFileName } from './gen/commonground/scheduling/v1/facts.js';
export type { DeepPartial, MessageFns } from './gen/commonground/scheduling/v1/facts.js';
