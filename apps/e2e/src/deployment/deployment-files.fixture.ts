import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const workspace = join(import.meta.dirname, '../../../..');

type Environment = Readonly<Record<string, string>>;

export type ComposeService = {
  readonly image: string;
  readonly build?: { readonly context: string; readonly dockerfile: string; readonly args: { readonly SERVICE: string } };
  readonly working_dir?: string;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
};

const text = (path: string): string => readFileSync(join(workspace, path), 'utf8');
const VARIABLE = /\$\{([A-Z_]+)(?::([-?])([^}]*))?\}/g;

export const composeText = (): string => text('docker-compose.yml');
export const variablesOf = (source: string): string[] => [...new Set([...source.matchAll(VARIABLE)].map(([, name = '']) => name))].sort();

/** docker-compose.yml as the tool reads it with these settings. @throws Error when one that must be set is not */
export const composeServices = (settings: Environment): Readonly<Record<string, ComposeService>> => {
  const fill = (value: string): string =>
    value.replace(VARIABLE, (_whole, name: string, mark: string | undefined, other = '') => {
      if (settings[name]) return settings[name];
      if (mark === '?') throw new Error(`${name}: ${other}`);
      return mark === '-' ? other : '';
    });
  const { services } = parse(composeText(), { merge: true }) as { services: Record<string, ComposeService> };
  return JSON.parse(JSON.stringify(services), (_key, value: unknown) => (typeof value === 'string' ? fill(value) : value)) as Record<string, ComposeService>;
};

const settingsOf = (source: string): Environment => Object.fromEntries([...source.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]));

export const exampleSettings = (): Environment => settingsOf(text('deploy/.env.example'));

/** What `deploy/new-secrets.sh` prints. */
export const newSettings = (): Environment => settingsOf(spawnSync('sh', [join(workspace, 'deploy/new-secrets.sh')], { encoding: 'utf8' }).stdout);

const dockerfile = (): string => text('deploy/images/Dockerfile').replaceAll('\\\n', ' ');
const parts = (list: string): string[] => JSON.parse(list) as string[];

/** What the image says by itself: its environment, its command, its health check. */
export const image = () => {
  const source = dockerfile();
  const settings = source.match(/^ENV (.*)$/m)?.[1] ?? '';
  return {
    environment: Object.fromEntries([...settings.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)].map(([, name = '', quoted, bare]) => [name, quoted ?? bare ?? ''])),
    command: parts(source.match(/^CMD (\[.*\])$/m)?.[1] ?? '[]'),
    healthCheck: parts(source.match(/^HEALTHCHECK.* CMD (\[.*\])$/m)?.[1] ?? '[]'),
    builds: source.match(/tsc -b (.*)$/m)?.[1]?.split(' ') ?? [],
    user: source.match(/^USER (.*)$/m)?.[1],
  };
};

/** The environment, folder and command line that a container of our own image would have. */
export const containerOf = (service: ComposeService): { readonly folder: string; readonly command: readonly string[]; readonly environment: Environment } => ({
  folder: service.working_dir?.replace(/^\/app\/?/, '') ?? `apps/${service.build?.args.SERVICE}`,
  command: service.command ?? image().command,
  environment: { ...image().environment, ...Object.fromEntries(Object.entries(service.environment ?? {}).map(([name, value]) => [name, String(value)])) },
});
