import { jestConfig } from './jest.shared.mjs';

export default jestConfig('e2e', { testTimeout: 240_000, maxWorkers: 1 });
