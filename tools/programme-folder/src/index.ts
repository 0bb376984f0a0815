export { PlatformError, requestGraphql, type Connection } from './platform/graphql-client.js';
export { importProgramme, previewFolder, readFolder, type Preview } from './programme-import.js';
export { parseTable, readCsvTable, type Table } from './reading/csv-table.js';
export { describeRefusal, type FileRefusal } from './refusal.js';
export type { Programme } from './programme/programme.js';
export type { ImportSummary } from './import/run-import.js';
export type { PlanLine } from './import/plan.js';
export { activityIdOf, commandIdOf, interventionIdOf, participantIdOf } from './import/ids.js';
