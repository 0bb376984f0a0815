import { jestConfig } from './jest.shared.mjs';

// Property tests on a busy machine: a timing decides nothing.
export default jestConfig('unit', { testTimeout: 60_000 });
