import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import js from '@eslint/js';
import { createProjectGraphAsync, readCachedProjectGraph } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

const root = import.meta.dirname;

// Without a project graph the boundary rule skips itself and everything passes; so one is always there before linting starts.
try {
  readCachedProjectGraph();
} catch {
  await createProjectGraphAsync({ exitOnError: false });
}

const projects = ['apps', 'libs', 'tools']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
  .filter((project) => existsSync(join(root, project, 'tsconfig.spec.json')));

const frameworks = ['@nestjs/*', 'typeorm', 'pg', 'kafkajs', '@grpc/*', 'graphql', '@opentelemetry/*', 'fastify', '@fastify/*'];
const onlyDependOn = (sourceTag, ...tags) => ({ sourceTag, onlyDependOnLibsWithTags: tags });
const neverImport = (constraint, ...packages) => ({ ...constraint, bannedExternalImports: packages });

/** Two dimensions: who owns it (scope) and what kind of thing it is (type). */
const boundaries = [
  onlyDependOn('scope:shared', 'scope:shared'),
  onlyDependOn('scope:registry', 'scope:registry', 'scope:shared'),
  onlyDependOn('scope:scheduling', 'scope:scheduling', 'scope:shared'),
  onlyDependOn('scope:risk-monitoring', 'scope:risk-monitoring', 'scope:shared'),
  onlyDependOn('scope:evaluation', 'scope:evaluation', 'scope:shared'),
  onlyDependOn('scope:gateway', 'scope:gateway', 'scope:shared'),
  onlyDependOn('scope:standalone', '*'), // puts every service into one process
  onlyDependOn('scope:e2e', 'scope:e2e', 'scope:shared', 'scope:tools'),
  onlyDependOn('scope:tools', 'scope:tools', 'scope:shared'),
  onlyDependOn('scope:bench', 'scope:bench', 'scope:gateway', 'scope:e2e', 'scope:tools', 'scope:shared'), // nothing imports it
  neverImport(onlyDependOn('type:kernel', 'type:kernel'), ...frameworks),
  neverImport(onlyDependOn('type:pure', 'type:kernel', 'type:pure'), ...frameworks),
  neverImport(onlyDependOn('type:contracts', 'type:kernel', 'type:contracts'), '@nestjs/*', 'typeorm', 'pg', 'kafkajs'),
  onlyDependOn('type:testing', 'type:kernel', 'type:testing', 'type:infrastructure'),
  onlyDependOn('type:infrastructure', 'type:kernel', 'type:infrastructure', 'type:contracts', 'type:testing'),
  neverImport(onlyDependOn('type:service', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:pure', 'type:testing'), 'kafkajs'),
  neverImport(onlyDependOn('type:composition', 'type:service', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:pure', 'type:testing', 'type:tool'), 'kafkajs'),
  neverImport(onlyDependOn('type:tool', 'type:tool', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:pure', 'type:testing'), 'kafkajs', 'typeorm'),
  neverImport(onlyDependOn('type:e2e', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:testing', 'type:tool'), 'kafkajs'),
  // Measures beside bare drivers, so it may import them.
  onlyDependOn('type:bench', 'type:bench', 'type:service', 'type:e2e', 'type:kernel', 'type:contracts', 'type:infrastructure', 'type:pure', 'type:testing', 'type:tool'),
];

const specs = ['**/*.spec.ts', '**/*.fixture.ts'];
const banned = (group, message) => ({ group, message });
const kafkajsOnlyInItsAdapter = banned(['kafkajs', 'kafkajs/*'], 'Only libs/messaging/src/kafka may import kafkajs, and tools/bench to measure beside it.');
const testingOnlyInSpecs = banned(['@common-ground/testing'], 'Only specs, their fixtures, apps/e2e and tools/bench may import @common-ground/testing.');
const fixturesOnlyInSpecs = { regex: '\\.(fixture|spec)\\.js$', message: 'Specs and their fixtures are imported by specs only.' };
const restrictImports = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const property = (object, name, message) => ({ object, property: name, message });

export default tseslint.config(
  { ignores: ['**/dist/**', '**/gen/**', '**/node_modules/**', '**/.nx/**', '**/.cache/**', '**/*.mjs', '**/*.cjs'] },
  js.configs.recommended,
  ...tseslint.configs.strict,
  {
    files: ['**/*.ts'],
    plugins: { '@nx': nx },
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
      ...restrictImports(kafkajsOnlyInItsAdapter, testingOnlyInSpecs, fixturesOnlyInSpecs),
    },
  },
  ...projects.map((project) => ({
    files: [`${project}/**/*.ts`],
    languageOptions: { parserOptions: { project: [`${project}/tsconfig.spec.json`], tsconfigRootDir: root } },
  })),
  {
    files: [...specs, 'apps/e2e/**/*.ts'],
    rules: { ...restrictImports(kafkajsOnlyInItsAdapter), '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['tools/bench/**/*.ts'], rules: restrictImports(fixturesOnlyInSpecs) },
  { files: ['libs/messaging/src/kafka/**/*.ts'], ignores: specs, rules: restrictImports(testingOnlyInSpecs, fixturesOnlyInSpecs) },
  { files: ['libs/messaging/src/kafka/**/*.spec.ts', 'libs/messaging/src/kafka/**/*.fixture.ts'], rules: { 'no-restricted-imports': 'off' } },
  {
    files: ['apps/*/src/**/*.ts'],
    ignores: [...specs, 'apps/e2e/**', '**/config.ts', '**/settings.ts', '**/main.ts', '**/*.main.ts'],
    rules: { 'no-restricted-properties': ['error', property('process', 'env', 'Only config.ts reads the environment.')] },
  },
  {
    files: ['libs/kernel/src/**/*.ts', 'libs/statistics/src/**/*.ts', 'libs/grouping/src/**/*.ts'],
    ignores: specs,
    rules: restrictImports(
      kafkajsOnlyInItsAdapter,
      fixturesOnlyInSpecs,
      banned([...frameworks, 'node:*', 'fs', 'crypto'], 'Pure libraries know neither frameworks nor the machine.'),
      { regex: '^@common-ground/(?!(kernel|statistics|grouping)$)', message: 'Pure libraries import kernel and each other only.' },
    ),
  },
  {
    files: ['**/domain/**/*.ts'],
    ignores: specs,
    rules: restrictImports(fixturesOnlyInSpecs, {
      regex: '^(?!\\./|@common-ground/(kernel|statistics|grouping)$)',
      message: 'domain/ imports its own folder, kernel and the pure libraries only.',
    }),
  },
  {
    // Decisions are pure: state and commands in, facts out. No clock, no randomness, no machine: they are passed in.
    files: ['**/domain/**/*.ts', 'libs/statistics/src/**/*.ts', 'libs/grouping/src/**/*.ts'],
    ignores: specs,
    rules: {
      'no-restricted-properties': [
        'error',
        property('Date', 'now', 'Time is passed in.'),
        property('Math', 'random', 'Randomness is seeded and passed in.'),
      ],
      'no-restricted-globals': ['error', 'process', 'performance', 'crypto', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'globalThis'],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'Time is passed in.' },
        { selector: 'ImportExpression', message: 'What domain/ needs is imported where it can be seen and checked.' },
      ],
    },
  },
);
