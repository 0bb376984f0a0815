import { join } from 'node:path';
import { jestConfig } from './jest.shared.mjs';

const setup = join(import.meta.dirname, 'tools/jest');

export default jestConfig('int', {
  testTimeout: 60_000, maxWorkers: 2,
  globalSetup: join(setup, 'postgres.setup.mjs'),
  globalTeardown: join(setup, 'postgres.teardown.mjs'),
});
