import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTHeaderParameters, type JWTPayload } from 'jose';

export type TestClaims = {
  readonly sub?: string;
  readonly roles?: readonly string[];
  readonly missions?: readonly string[];
  readonly interventions?: readonly string[];
  readonly audience?: string;
  readonly issuer?: string;
  /** Seconds from now; negative for one that has ended. */
  readonly expiresIn?: number;
};

/** An OpenID provider's public half on loopback, and a way to sign whatever a spec needs. */
export class TestIssuer {
  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    readonly issuer: string,
    /** What was asked of it, path by path. */
    readonly requests: readonly string[],
    readonly audience = 'common-ground',
  ) {}

  static async start(): Promise<TestIssuer> {
    const { publicKey, privateKey } = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'test', alg: 'RS256', use: 'sig' };
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? '');
      const { port } = server.address() as AddressInfo;
      const issuer = `http://127.0.0.1:${port}`;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(request.url?.endsWith('/jwks') ? { keys: [jwk] } : { issuer, jwks_uri: `${issuer}/jwks` }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new TestIssuer(server, privateKey, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests);
  }

  /** Signs claims as they are, with this provider's key whatever the header says of it. */
  sign(claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> {
    return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'test', ...header }).sign(this.key);
  }

  token(claims: TestClaims = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ roles: claims.roles ?? [], missions: claims.missions ?? [], interventions: claims.interventions ?? [] })
      .setProtectedHeader({ alg: 'RS256', kid: 'test' })
      .setSubject(claims.sub ?? 'somebody')
      .setIssuer(claims.issuer ?? this.issuer)
      .setAudience(claims.audience ?? this.audience)
      .setIssuedAt(now - 3_600)
      .setExpirationTime(now + (claims.expiresIn ?? 600))
      .sign(this.key);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
