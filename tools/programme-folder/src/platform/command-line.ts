import { readConfig, signInWithDevice, signInWithPassword } from '@common-ground/platform';
import { z } from 'zod';
import { PlatformError } from './graphql-client.js';

/** How a program of the command line reaches the platform, and who is asking. */
export type Access = { readonly url: string; readonly issuer: string; readonly user?: string | undefined };

export const ACCESS_OPTIONS = {
  url: { type: 'string', default: 'http://127.0.0.1:4000/graphql' },
  issuer: { type: 'string', default: 'http://127.0.0.1:4001' },
  user: { type: 'string' },
} as const;

export const ACCESS_USAGE = `  --url URL            the GraphQL address          (default ${ACCESS_OPTIONS.url.default})
  --issuer URL         the OpenID provider          (default ${ACCESS_OPTIONS.issuer.default})
  --user NAME          sign in by name and the password in COMMON_GROUND_PASSWORD, in place of the browser
                       (a token in COMMON_GROUND_TOKEN is used as it is)`;

const environment = z.object({ COMMON_GROUND_TOKEN: z.string().optional(), COMMON_GROUND_PASSWORD: z.string().optional() });

export const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** A token for as long as the work takes: signed in once, again when it is about to end. @param tell how a person is told where to sign in */
export const tokenSource = (access: Access, tell: (line: string) => void = say): (() => Promise<string>) => {
  const { COMMON_GROUND_TOKEN: given, COMMON_GROUND_PASSWORD: password } = readConfig(environment, process.env);
  if (given) return () => Promise.resolve(given);
  if (access.user && !password) throw new PlatformError('COMMON_GROUND_PASSWORD is not set; set it to the password of the user named by --user');
  const { issuer, user } = access;
  let current: { readonly token: string; readonly until: number } | undefined;
  return async () => {
    if (current && Date.now() < current.until) return current.token;
    const tokens =
      user && password
        ? await signInWithPassword({ issuer, clientId: 'common-ground-portal', username: user, password })
        : await signInWithDevice({ issuer, clientId: 'common-ground-cli', onPrompt: ({ verificationUri, userCode }) => tell(`Open ${verificationUri} and enter the code ${userCode} to sign in.`) });
    current = { token: tokens.accessToken, until: Date.now() + (tokens.expiresIn - 60) * 1000 };
    return current.token;
  };
};

/** Runs a program to its exit code; what a person can mend is told without a stack. */
export const runProgram = (main: () => Promise<number>, advice: string): void => {
  main().then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${advice}\n`);
      process.exitCode = 1;
    },
  );
};
