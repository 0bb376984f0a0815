export * from './randomisation-test.js';
export * from './wild-cluster-bootstrap.js';
