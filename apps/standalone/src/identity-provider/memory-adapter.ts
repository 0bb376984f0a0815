import type { Adapter, AdapterPayload } from 'oidc-provider';

type Kept = { readonly payload: AdapterPayload; readonly until: number };

/** Sign-ins under way, in memory: a restart asks people to sign in again, and nothing else. */
export const memoryAdapter = (): ((name: string) => Adapter) => {
  const kept = new Map<string, Kept>();
  const sweep = (): void => {
    const now = Date.now();
    for (const [key, { until }] of kept) if (until < now) kept.delete(key);
  };
  const find = (key: string | undefined): AdapterPayload | undefined => {
    const found = key === undefined ? undefined : kept.get(key);
    return found && found.until > Date.now() ? found.payload : undefined;
  };
  const pointers = new Map<string, string>();
  return (name) => {
    const keyOf = (id: string): string => `${name}:${id}`;
    return {
      upsert: async (id, payload, expiresIn) => {
        if (kept.size > 20_000) sweep();
        kept.set(keyOf(id), { payload, until: Date.now() + (expiresIn || 86_400) * 1000 });
        if (payload.uid) pointers.set(`uid:${payload.uid}`, keyOf(id));
        if (payload.userCode) pointers.set(`code:${payload.userCode}`, keyOf(id));
      },
      find: async (id) => find(keyOf(id)),
      findByUid: async (uid) => find(pointers.get(`uid:${uid}`)),
      findByUserCode: async (code) => find(pointers.get(`code:${code}`)),
      consume: async (id) => {
        const found = kept.get(keyOf(id));
        if (found) kept.set(keyOf(id), { ...found, payload: { ...found.payload, consumed: Math.floor(Date.now() / 1000) } });
      },
      destroy: async (id) => void kept.delete(keyOf(id)),
      revokeByGrantId: async (grantId) => {
        for (const [key, { payload }] of kept) if (payload.grantId === grantId) kept.delete(key);
      },
    };
  };
};
