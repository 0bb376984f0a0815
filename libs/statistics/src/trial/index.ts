export * from './trial-report.js';
