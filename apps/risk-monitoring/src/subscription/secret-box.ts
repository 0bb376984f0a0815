import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

type Key = { readonly encryption: Buffer; readonly digests: Buffer };

const derived = (key: Buffer, use: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', `common-ground risk-monitoring ${use}`, 32));

/**
 * Keeps small secrets encrypted at rest: AES-256-GCM, bound to the row it stands in, so that it opens nowhere else.
 * The first key seals, all of them open: so a key can be exchanged while what it sealed is still there.
 */
export class SecretBox {
  private readonly current: Key;
  private readonly earlier: readonly Key[];

  /** @param keys 32 bytes each, the one that seals first */
  constructor(keys: readonly Buffer[]) {
    if (keys.some(({ length }) => length !== 32)) throw new Error('A key for secrets must be 32 bytes.');
    const [current, ...earlier] = keys.map((key): Key => ({ encryption: derived(key, 'encryption'), digests: derived(key, 'digests') }));
    if (!current) throw new Error('Secrets need a key.');
    this.current = current;
    this.earlier = earlier;
  }

  seal(text: string, row: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.current.encryption, nonce).setAAD(Buffer.from(row));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when the bytes were altered, stand in another row, or were sealed with none of the keys */
  open(bytes: Buffer, row: string): string {
    for (const key of [this.current, ...this.earlier]) {
      const text = openWith(key, bytes, row);
      if (text !== undefined) return text;
    }
    throw new Error('These bytes hold no secret that a key of ours opens.');
  }

  /** Whether the key that seals now opens it: then the earlier keys are not needed for it. */
  isCurrent(bytes: Buffer, row: string): boolean {
    return openWith(this.current, bytes, row) !== undefined;
  }

  /** Tells equal texts apart without keeping them. */
  digest(text: string): string {
    return createHmac('sha256', this.current.digests).update(text).digest('base64url');
  }
}

const openWith = ({ encryption }: Key, bytes: Buffer, row: string): string | undefined => {
  if (bytes[0] !== VERSION || bytes.length < 1 + NONCE_BYTES + TAG_BYTES) return undefined;
  const [afterNonce, afterTag] = [1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES];
  const decipher = createDecipheriv('aes-256-gcm', encryption, bytes.subarray(1, afterNonce)).setAAD(Buffer.from(row)).setAuthTag(bytes.subarray(afterNonce, afterTag));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(afterTag)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
};
