import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';

const workspace = join(import.meta.dirname, '../../..');

type Planted = { readonly file: string; readonly code: string };
type Finding = { readonly ruleId: string | null; readonly message: string };
type Constraint = { readonly sourceTag: string; readonly onlyDependOnLibsWithTags: readonly string[] };

/** Lints the code as if it stood in the file, in a Node of its own: ESLint brings its configuration by dynamic import. */
const lintInAProcessOfItsOwn = `
  import { ESLint } from 'eslint';
  const eslint = new ESLint({ cwd: process.cwd() });
  const findings = [];
  for (const { file, code } of JSON.parse(process.env.PLANTED)) {
    const [result] = await eslint.lintText(code, { filePath: file });
    findings.push(result.messages.map(({ ruleId, message }) => ({ ruleId, message })));
  }
  const { rules } = await eslint.calculateConfigForFile('apps/registry/src/index.ts');
  const { depConstraints } = rules['@nx/enforce-module-boundaries'][1];
  process.stdout.write('\\n' + JSON.stringify({ findings, depConstraints }));
`;

const lint = (planted: readonly Planted[]): { findings: Finding[][]; depConstraints: Constraint[] } => {
  for (const { file } of planted) if (!existsSync(join(workspace, file))) throw new Error(`${file} moved: plant the breach in a file that exists.`);
  const output = execFileSync(process.execPath, ['--no-warnings', '--input-type=module', '--eval', lintInAProcessOfItsOwn], {
    cwd: workspace,
    // In a single run the parser reads the file from the disk and not the text it is given.
    env: { ...process.env, TSESTREE_SINGLE_RUN: 'false', NODE_OPTIONS: '', NX_DAEMON: 'false', NX_NO_CLOUD: 'true', FORCE_COLOR: '0', PLANTED: JSON.stringify(planted) },
    encoding: 'utf8',
  });
  return JSON.parse(output.slice(output.lastIndexOf('\n') + 1)) as { findings: Finding[][]; depConstraints: Constraint[] };
};

const importing = (name: string, from: string) => `import { ${name} } from '${from}';\nexport const planted = ${name};\n`;
const service = 'apps/registry/src/service.ts';
const decision = 'apps/registry/src/mission/domain/mission.ts';
const BOUNDARY = '@nx/enforce-module-boundaries';

const breaches: readonly (Planted & { readonly title: string; readonly rule: string; readonly says: RegExp })[] = [
  { title: 'a service that imports another service', file: service, code: importing('startScheduling', '@common-ground/scheduling'), rule: BOUNDARY, says: /"scope:registry" can only depend on/ },
  { title: 'a service that reaches into another by path', file: service, code: importing('startScheduling', '../../scheduling/src/service.js'), rule: BOUNDARY, says: /relative or absolute path/ },
  { title: 'a service that loads another on demand', file: service, code: "export const planted = () => import('@common-ground/scheduling');\n", rule: BOUNDARY, says: /"scope:registry" can only depend on/ },
  { title: 'a library that imports an app', file: 'libs/grouping/src/index.ts', code: importing('startRegistry', '@common-ground/registry'), rule: BOUNDARY, says: /"scope:shared" can only depend on/ },
  { title: 'a pure library that imports infrastructure', file: 'libs/grouping/src/index.ts', code: importing('Database', '@common-ground/persistence'), rule: BOUNDARY, says: /"type:pure" can only depend on/ },
  { title: 'a pure library that imports a driver', file: 'libs/grouping/src/index.ts', code: importing('Pool', 'pg'), rule: BOUNDARY, says: /"type:pure" is not allowed to import "pg"/ },
  { title: 'domain/ that imports TypeORM', file: decision, code: importing('DataSource', 'typeorm'), rule: 'no-restricted-imports', says: /domain\/ imports its own folder/ },
  { title: 'domain/ that imports Nest', file: decision, code: importing('Injectable', '@nestjs/common'), rule: 'no-restricted-imports', says: /domain\/ imports its own folder/ },
  { title: 'domain/ that imports the contracts', file: decision, code: importing('Facts', '@common-ground/contracts'), rule: 'no-restricted-imports', says: /domain\/ imports its own folder/ },
  { title: 'domain/ that imports from node', file: decision, code: importing('randomUUID', 'node:crypto'), rule: 'no-restricted-imports', says: /domain\/ imports its own folder/ },
  { title: 'domain/ that imports its repository', file: decision, code: importing('MissionRepository', '../mission.repository.js'), rule: 'no-restricted-imports', says: /domain\/ imports its own folder/ },
  { title: 'domain/ that throws dice', file: decision, code: 'export const planted = () => Math.random();\n', rule: 'no-restricted-properties', says: /Randomness is seeded/ },
  { title: 'domain/ that reads the clock', file: decision, code: 'export const planted = () => Date.now();\n', rule: 'no-restricted-properties', says: /Time is passed in/ },
  { title: 'domain/ that asks for today', file: decision, code: 'export const planted = () => new Date();\n', rule: 'no-restricted-syntax', says: /Time is passed in/ },
  { title: 'domain/ that makes ids', file: decision, code: 'export const planted = () => crypto.randomUUID();\n', rule: 'no-restricted-globals', says: /crypto/ },
  { title: 'kafkajs outside its adapter', file: 'libs/messaging/src/outbox/relay.ts', code: importing('Kafka', 'kafkajs'), rule: 'no-restricted-imports', says: /Only libs\/messaging\/src\/kafka/ },
  { title: 'kafkajs in a service', file: service, code: importing('Kafka', 'kafkajs'), rule: BOUNDARY, says: /"type:service" is not allowed to import "kafkajs"/ },
  { title: 'test servers in production code', file: service, code: importing('startPostgres', '@common-ground/testing'), rule: 'no-restricted-imports', says: /Only specs/ },
  { title: 'a fixture in production code', file: service, code: importing('registryAtWork', './registry.fixture.js'), rule: 'no-restricted-imports', says: /imported by specs only/ },
  { title: 'a slice that reads the environment', file: service, code: "export const planted = process.env['SECRET'];\n", rule: 'no-restricted-properties', says: /Only config\.ts/ },
];

const clean: readonly (Planted & { readonly title: string })[] = [
  { title: 'a service that imports infrastructure, contracts and kernel', file: service, code: "import { Facts } from '@common-ground/contracts';\nimport { DomainError } from '@common-ground/kernel';\nimport { Database } from '@common-ground/persistence';\nexport const planted = [Facts, DomainError, Database];\n" },
  { title: 'domain/ that imports kernel and its own folder', file: decision, code: "import { DomainError } from '@common-ground/kernel';\nimport { other } from './other.js';\nexport const planted = (at: Date) => [DomainError, other, new Date(at)];\n" },
  { title: 'the adapter that imports kafkajs', file: 'libs/messaging/src/kafka/kafka-log.ts', code: importing('Kafka', 'kafkajs') },
  { title: 'a fixture that starts a test server', file: 'apps/registry/src/registry.fixture.ts', code: importing('startPostgres', '@common-ground/testing') },
  { title: 'the standalone platform that starts a service', file: 'apps/standalone/src/main.ts', code: importing('startRegistry', '@common-ground/registry') },
];

describe('the boundaries', () => {
  let found: Map<Planted, Finding[]>;
  let constraints: Constraint[];
  beforeAll(() => {
    const planted = [...breaches, ...clean];
    const { findings, depConstraints } = lint(planted);
    found = new Map(planted.map((one, index) => [one, findings[index] ?? []]));
    constraints = depConstraints;
  }, 120_000);

  it.each(breaches)('refuse $title', (breach) => {
    const findings = found.get(breach) ?? [];
    expect(findings).toContainEqual({ ruleId: breach.rule, message: expect.stringMatching(breach.says) });
  });

  it.each(clean)('let $title pass', (planted) => {
    expect(found.get(planted)).toEqual([]);
  });

  it('know every project in both dimensions, and give only the standalone platform the right to all', () => {
    const known = new Set(constraints.map(({ sourceTag }) => sourceTag));
    const projects = ['apps', 'libs', 'tools']
      .flatMap((folder) => readdirSync(join(workspace, folder)).map((name) => join(workspace, folder, name, 'package.json')))
      .filter((path) => existsSync(path))
      .map((path) => JSON.parse(readFileSync(path, 'utf8')) as { name: string; nx: { tags: string[]; targets: Record<string, unknown> } });
    for (const { name, nx } of projects) {
      expect([name, nx.tags.map((tag) => tag.split(':')[0]).sort()]).toEqual([name, ['scope', 'type']]);
      expect([name, nx.tags.filter((tag) => !known.has(tag))]).toEqual([name, []]);
      expect([name, Object.keys(nx.targets)]).toEqual([name, expect.arrayContaining(['lint', 'typecheck', 'build'])]);
    }
    expect(constraints.filter(({ onlyDependOnLibsWithTags }) => onlyDependOnLibsWithTags.includes('*')).map(({ sourceTag }) => sourceTag)).toEqual(['scope:standalone']);
  });
});
