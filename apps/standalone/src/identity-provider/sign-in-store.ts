import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { z } from 'zod';

type Kept = { readonly payload: AdapterPayload; /** Milliseconds since 1970. */ readonly until: number };

const fileShape = z.object({ kept: z.array(z.tuple([z.string(), z.object({ payload: z.looseObject({}), until: z.number() })])) });

const SAVE_AFTER_MS = 500;
const MOST_KEPT = 20_000;
const DEFAULT_SECONDS = 86_400;

/**
 * Who is signed in and what is under way: in memory, and in one file so that a restart signs nobody out.
 * For a handful of demonstration users; whatever the file cannot give is asked for again at the sign-in page.
 */
export class SignInStore {
  private readonly kept = new Map<string, Kept>();
  private readonly pointers = new Map<string, string>();
  private saving: NodeJS.Timeout | undefined;

  constructor(private readonly file: string) {
    for (const [key, one] of this.read()) if (one.until > Date.now()) this.keep(key, one);
  }

  readonly adapter = (name: string): Adapter => {
    const keyOf = (id: string): string => `${name}:${id}`;
    return {
      upsert: async (id, payload, expiresIn) => {
        this.keep(keyOf(id), { payload, until: Date.now() + (expiresIn || DEFAULT_SECONDS) * 1000 });
        this.saveSoon();
      },
      find: async (id) => this.find(keyOf(id)),
      findByUid: async (uid) => this.find(this.pointers.get(`uid:${uid}`)),
      findByUserCode: async (code) => this.find(this.pointers.get(`code:${code}`)),
      consume: async (id) => {
        const found = this.kept.get(keyOf(id));
        if (found) this.kept.set(keyOf(id), { ...found, payload: { ...found.payload, consumed: Math.floor(Date.now() / 1000) } });
        this.saveSoon();
      },
      destroy: async (id) => this.forget(keyOf(id)),
      revokeByGrantId: async (grantId) => {
        for (const [key, { payload }] of this.kept) if (payload.grantId === grantId) this.forget(key);
      },
    };
  };

  close(): void {
    clearTimeout(this.saving);
    this.save();
  }

  private keep(key: string, one: Kept): void {
    if (this.kept.size > MOST_KEPT) this.sweep();
    this.kept.set(key, one);
    if (one.payload.uid) this.pointers.set(`uid:${one.payload.uid}`, key);
    if (one.payload.userCode) this.pointers.set(`code:${one.payload.userCode}`, key);
  }

  private find(key: string | undefined): AdapterPayload | undefined {
    const found = key === undefined ? undefined : this.kept.get(key);
    return found && found.until > Date.now() ? found.payload : undefined;
  }

  private forget(key: string): void {
    this.kept.delete(key);
    this.saveSoon();
  }

  /** Drops what has ended; if that is not enough, the oldest. */
  private sweep(): void {
    for (const [key, { until }] of this.kept) if (until < Date.now()) this.kept.delete(key);
    for (const key of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(key);
    }
    for (const [name, key] of this.pointers) if (!this.kept.has(key)) this.pointers.delete(name);
  }

  private saveSoon(): void {
    this.saving ??= setTimeout(() => this.save(), SAVE_AFTER_MS).unref();
  }

  private save(): void {
    this.saving = undefined;
    this.sweep();
    const next = `${this.file}.next`;
    mkdirSync(dirname(this.file), { recursive: true });
    writeFileSync(next, JSON.stringify({ kept: [...this.kept] }), { mode: 0o600 });
    renameSync(next, this.file);
  }

  private read(): [string, Kept][] {
    try {
      return fileShape.parse(JSON.parse(readFileSync(this.file, 'utf8'))).kept;
    } catch {
      return [];
    }
  }
}
