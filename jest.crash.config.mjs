import { join } from 'node:path';
import { jestConfig } from './jest.shared.mjs';

const setup = join(import.meta.dirname, 'tools/jest');

export default jestConfig('crash', {
  testTimeout: 300_000, maxWorkers: 1,
  globalSetup: join(setup, 'postgres.setup.mjs'),
  globalTeardown: join(setup, 'postgres.teardown.mjs'),
});
