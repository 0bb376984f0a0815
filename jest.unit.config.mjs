import { jestConfig } from './jest.shared.mjs';

export default jestConfig('unit');
