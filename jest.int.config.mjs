import { jestConfig } from './jest.shared.mjs';

export default jestConfig('int', { testTimeout: 60_000, maxWorkers: 2 });
