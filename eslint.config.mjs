import js from '@eslint/js';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const onlyDependOn = (sourceTag, ...tags) => ({ sourceTag, onlyDependOnLibsWithTags: tags });

/** Two dimensions: who owns it (scope) and what kind of thing it is (type). */
const boundaries = [
  onlyDependOn('scope:shared', 'scope:shared'),
  onlyDependOn('scope:registry', 'scope:registry', 'scope:shared'),
  onlyDependOn('scope:scheduling', 'scope:scheduling', 'scope:shared'),
  onlyDependOn('scope:risk-monitoring', 'scope:risk-monitoring', 'scope:shared'),
  onlyDependOn('scope:evaluation', 'scope:evaluation', 'scope:shared'),
  onlyDependOn('scope:gateway', 'scope:gateway', 'scope:shared'),
  onlyDependOn('scope:e2e', 'scope:e2e', 'scope:shared', 'scope:tools'),
  onlyDependOn('scope:tools', 'scope:tools', 'scope:shared'),
  onlyDependOn('type:kernel', 'type:kernel'),
  {
    ...onlyDependOn('type:pure', 'type:kernel', 'type:pure'),
    bannedExternalImports: ['@nestjs/*', 'typeorm', 'pg', 'kafkajs', '@grpc/*', 'graphql', '@opentelemetry/*'],
  },
  onlyDependOn('type:contracts', 'type:kernel', 'type:contracts'),
  onlyDependOn('type:testing', 'type:kernel', 'type:testing', 'type:infrastructure'),
  onlyDependOn('type:infrastructure', 'type:kernel', 'type:infrastructure', 'type:contracts', 'type:testing'),
  onlyDependOn('type:service', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:pure', 'type:testing'),
  onlyDependOn('type:composition', 'type:service', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:testing', 'type:tool'),
  onlyDependOn('type:tool', 'type:tool', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:testing'),
  onlyDependOn('type:e2e', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:testing', 'type:tool'),
];

const specs = ['**/*.spec.ts', '**/*.fixture.ts'];
const banned = (group, message) => ({ group, message });
const kafkajsOnlyInItsAdapter = banned(['kafkajs', 'kafkajs/*'], 'Only libs/messaging/src/kafka may import kafkajs.');
const testingOnlyInSpecs = banned(['@common-ground/testing'], 'Only specs may import @common-ground/testing.');

export default tseslint.config(
  { ignores: ['**/dist/**', '**/gen/**', '**/node_modules/**', '**/.nx/**', '**/.cache/**', '**/*.mjs', '**/*.cjs'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
    languageOptions: { parserOptions: { project: ['./tsconfig.spec.json'], tsconfigRootDir: process.cwd() } },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: boundaries },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-definitions': ['error', 'type'],
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-console': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-imports': ['error', { patterns: [kafkajsOnlyInItsAdapter, testingOnlyInSpecs] }],
    },
  },
  { files: specs, rules: { 'no-restricted-imports': ['error', { patterns: [kafkajsOnlyInItsAdapter] }], '@typescript-eslint/no-non-null-assertion': 'off' } },
  { files: ['**/libs/messaging/src/kafka/**/*.ts', '**/src/kafka/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    // Decisions are pure: state and commands in, facts out. No framework, no driver, no clock, no random.
    files: ['**/domain/**/*.ts', '**/libs/statistics/src/**/*.ts', '**/libs/grouping/src/**/*.ts'],
    ignores: specs,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            banned(
              ['@nestjs/*', 'typeorm', 'pg', 'kafkajs', '@grpc/*', 'graphql', 'node:*', 'fs', 'crypto', '@common-ground/contracts', '@common-ground/platform', '@common-ground/persistence', '@common-ground/messaging', '@common-ground/testing'],
              'domain/ and the pure libraries import their own folder, kernel and pure libraries only.',
            ),
            banned(['../**/*.entity*', '../**/*.repository*', '../**/*.service*', '../**/*.grpc*', '../**/*.facts*'], 'domain/ may not reach out of its folder.'),
          ],
        },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is passed in.' },
        { object: 'Math', property: 'random', message: 'Randomness is seeded and passed in.' },
      ],
    },
  },
);
