import { randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { Logger } from '@nestjs/common';
import { ConfigError } from '@common-ground/platform';
import { SignInStore } from './sign-in-store.js';
import { messagePage, page, signInPage } from './pages.js';
import { SignInAttempts } from './sign-in-attempts.js';
import type { DemonstrationUser } from './users.js';

export type IdentityProviderOptions = {
  readonly host: string;
  readonly port: number;
  /** The address that people and services reach it by, where that is not `http://host:port`; tokens name it. */
  readonly issuer?: string | undefined;
  /** Keys and sign-ins live here, so that both outlive a restart. */
  readonly folder: string;
  readonly users: readonly DemonstrationUser[];
  /** Signs in people of the browser: where they may be sent back to (any port of 127.0.0.1 or localhost). */
  readonly redirectPaths?: readonly string[];
};

export type IdentityProvider = { readonly issuer: string; close(): Promise<void> };

export const AUDIENCE = 'common-ground';
export const PORTAL_CLIENT = 'common-ground-portal';
export const COMMAND_LINE_CLIENT = 'common-ground-cli';
const RESOURCE = 'urn:common-ground:platform';
const TOKEN_SECONDS = 3_600;
const DAY_SECONDS = 86_400;
const FORM_BYTES = 4_096;

type Secrets = { readonly jwks: { readonly keys: JWK[] }; readonly cookieKeys: string[] };

const keptSecrets = async (folder: string): Promise<Secrets> => {
  const file = join(folder, 'identity.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') };
  const secrets: Secrets = { jwks: { keys: [jwk] }, cookieKeys: [randomBytes(32).toString('base64url')] };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
};

/** A real OpenID provider with demonstration users, for the embedded mode and tests. Production names the organisation's own. */
export const startIdentityProvider = async (options: IdentityProviderOptions): Promise<IdentityProvider> => {
  const secrets = await keptSecrets(options.folder);
  const store = new SignInStore(join(options.folder, 'sign-ins.json'));
  const server = createServer();
  await listen(server, options);
  const issuer = options.issuer ?? `http://${options.host}:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configuration(options, secrets, store));
  const logger = new Logger('IdentityProvider');
  provider.on('server_error', (_context, error) => logger.error(error.stack ?? error.message));
  const interactions = new Interactions(provider, options.users);
  const callback = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    if (request.url?.startsWith('/interaction/')) void interactions.answer(request, response);
    else void callback(request, response);
  });
  return {
    issuer,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      store.close();
    },
  };
};

const PAGE_HEADERS = { 'x-frame-options': 'DENY', 'content-security-policy': "frame-ancestors 'none'", 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

const listen = (server: Server, { host, port }: IdentityProviderOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new ConfigError(`The sign-in service cannot listen on port ${port} of ${host}: something else does. Stop that, or choose another port.`) : error);
    });
    server.listen(port, host, resolve);
  });

const configuration = (options: IdentityProviderOptions, { jwks, cookieKeys }: Secrets, store: SignInStore): Configuration => {
  const byName = new Map(options.users.map((user) => [user.username, user]));
  const redirects = ['/callback', ...(options.redirectPaths ?? [])].flatMap((path) => [`http://127.0.0.1${path}`, `http://localhost${path}`]);
  return {
    adapter: store.adapter,
    jwks: jwks as NonNullable<Configuration['jwks']>,
    cookies: { keys: cookieKeys },
    clients: [
      { client_id: PORTAL_CLIENT, application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: redirects, grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] },
      { client_id: COMMAND_LINE_CLIENT, application_type: 'native', token_endpoint_auth_method: 'none', redirect_uris: [], grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'], response_types: [] },
    ],
    pkce: { required: () => true },
    scopes: ['openid'],
    issueRefreshToken: async (_context, client) => client.grantTypeAllowed('refresh_token'),
    findAccount: (_context, id) => (byName.has(id) ? { accountId: id, claims: async () => ({ sub: id }) } : undefined),
    extraTokenClaims: (_context, token) => {
      const account = byName.get((token as { accountId?: string }).accountId ?? '');
      return account ? { roles: [...account.roles], missions: [...account.missions], interventions: [...account.interventions] } : {};
    },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: { RefreshToken: DAY_SECONDS, AccessToken: TOKEN_SECONDS, IdToken: TOKEN_SECONDS, Session: DAY_SECONDS, Grant: DAY_SECONDS, Interaction: 3_600, DeviceCode: 900, AuthorizationCode: 60 },
    clientBasedCORS: (_context, origin) => /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin),
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'platform', audience: AUDIENCE, accessTokenTTL: TOKEN_SECONDS, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } }),
      },
      deviceFlow: {
        enabled: true,
        userCodeInputSource: (context: KoaContextWithOIDC, form: string, _out, error) => {
          const wrong = error ? '<p role="alert">That code is not known or has run out; look at it again.</p>' : '';
          context.body = page('Sign in a command line', `${wrong}<p>Enter the code that the command line shows.</p>${form}<button type="submit" form="op.deviceInputForm">Go on</button>`);
        },
        userCodeConfirmSource: (context: KoaContextWithOIDC, form: string, _client, _device, code) => {
          context.body = page('Is this your code?', `<p>The command line shows <strong>${code}</strong>.</p>${form}<button type="submit" form="op.deviceConfirmForm" autofocus>Yes, sign it in</button>`);
        },
        successSource: (context: KoaContextWithOIDC) => {
          context.body = messagePage('The command line is signed in', 'You can close this page.');
        },
      },
    },
    renderError: (context, out) => {
      context.type = 'html';
      context.body = messagePage('This sign-in cannot go on', out.error_description ?? out.error);
    },
  };
};

/** The pages on which a person says who they are. */
class Interactions {
  private readonly attempts = new SignInAttempts();

  constructor(
    private readonly provider: Provider,
    private readonly users: readonly DemonstrationUser[],
  ) {}

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { uid, prompt, params, session, grantId } = await this.provider.interactionDetails(request, response);
      if (prompt.name === 'consent') return await this.agree(request, response, { clientId: String(params['client_id']), accountId: session?.accountId ?? '', grantId });
      if (request.method === 'POST') await this.signIn(request, response, uid);
      else this.show(response, 200, signInPage(`/interaction/${uid}`, this.users));
    } catch {
      this.show(response, 400, messagePage('This sign-in has ended', 'Start again from where you came.'));
    }
  }

  /** Both clients are the platform's own: there is nothing a person could refuse. */
  private async agree(request: IncomingMessage, response: ServerResponse, { clientId, accountId, grantId }: { clientId: string; accountId: string; grantId: string | undefined }): Promise<void> {
    const grant = (grantId && (await this.provider.Grant.find(grantId))) || new this.provider.Grant({ clientId, accountId });
    grant.addOIDCScope('openid');
    grant.addResourceScope(RESOURCE, 'platform');
    return this.provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
  }

  private async signIn(request: IncomingMessage, response: ServerResponse, uid: string): Promise<void> {
    const form = new URLSearchParams(await readForm(request));
    const username = form.get('username') ?? '';
    const user = this.users.find((one) => one.username === username);
    const who = user?.username ?? 'nobody known';
    const again = (status: number, wrong: string): void => this.show(response, status, signInPage(`/interaction/${uid}`, this.users, wrong));
    if (this.attempts.isBlocked(who)) return again(429, 'Too many wrong passwords; wait five minutes.');
    if (!user || !same(user.password, form.get('password') ?? '')) {
      this.attempts.fail(who);
      return again(401, 'The name or the password is wrong.');
    }
    return this.provider.interactionFinished(request, response, { login: { accountId: user.username } }, { mergeWithLastSubmission: false });
  }

  private show(response: ServerResponse, status: number, html: string): void {
    response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(html);
  }
}

const same = (left: string, right: string): boolean => {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const readForm = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > FORM_BYTES) throw new Error('too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString();
};
