import { signInWithPassword } from '@common-ground/platform';
import { requestGraphql, type Connection } from '@common-ground/programme-folder';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { PlatformUnderTest } from '../platform-under-test/platform-under-test.js';

const PORTAL = 'common-ground-portal';

/** Somebody who signed in as people do, and works through GraphQL. */
export class Person {
  private constructor(
    private readonly connection: Connection,
    private readonly accessToken: string,
  ) {}

  static async signIn(platform: PlatformUnderTest, username: string): Promise<Person> {
    const { accessToken } = await signInWithPassword({ issuer: platform.issuer, clientId: PORTAL, username, password: `${username}-demo` });
    return new Person({ url: platform.graphqlUrl, token: () => Promise.resolve(accessToken), quiet: false }, accessToken);
  }

  get importing(): Connection {
    return this.connection;
  }

  ask<T>(query: string, variables: object = {}): Promise<T> {
    return requestGraphql<T>(this.connection, query, variables);
  }

  /** Listens until `stop`; `listening` says that the subscription has been taken. */
  subscribe<T>(query: string, onNext: (data: T) => void): { readonly stop: () => Promise<void> } {
    const client = createClient({ url: this.connection.url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, connectionParams: { authorization: `Bearer ${this.accessToken}` }, retryAttempts: 5 });
    client.subscribe<T>({ query }, { next: ({ data }) => (data ? onNext(data) : undefined), error: () => undefined, complete: () => undefined });
    return { stop: async () => client.dispose() };
  }
}
