import { join } from 'node:path';

const root = import.meta.dirname ?? new URL('.', import.meta.url).pathname;
const workspace = (folder) => join(root, folder, '$1', 'src', 'index.ts');

/** One Jest configuration for every project; `kind` is the suffix that says what a test costs. */
export const jestConfig = (kind, extra = {}) => ({
  testMatch: [`**/src/**/*.${kind}.spec.ts`],
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  transform: {
    '^.+\\.ts$': [
      join(root, 'node_modules/@swc/jest'),
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
          target: 'es2022',
          keepClassNames: true,
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^@common-ground/(registry|scheduling|risk-monitoring|evaluation|gateway|standalone|e2e)$': workspace('apps'),
    '^@common-ground/(programme-folder)$': workspace('tools'),
    '^@common-ground/(.*)$': workspace('libs'),
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  ...extra,
});
