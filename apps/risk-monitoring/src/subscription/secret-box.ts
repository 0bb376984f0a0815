import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 1;

/** Keeps small secrets encrypted at rest: AES-256-GCM, bound to the row it stands in, so that it opens nowhere else. */
export class SecretBox {
  private readonly encryption: Buffer;
  private readonly digests: Buffer;

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    if (key.length !== 32) throw new Error('The key for secrets must be 32 bytes.');
    this.encryption = Buffer.from(hkdfSync('sha256', key, '', 'common-ground risk-monitoring encryption', 32));
    this.digests = Buffer.from(hkdfSync('sha256', key, '', 'common-ground risk-monitoring digests', 32));
  }

  seal(text: string, row: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.encryption, nonce).setAAD(Buffer.from(row));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), sealed]);
  }

  /** @throws Error when the bytes were altered, stand in another row, or were sealed with another key */
  open(bytes: Buffer, row: string): string {
    if (bytes[0] !== VERSION || bytes.length < 1 + NONCE_BYTES + TAG_BYTES) throw new Error('These bytes hold no secret of ours.');
    const [afterNonce, afterTag] = [1 + NONCE_BYTES, 1 + NONCE_BYTES + TAG_BYTES];
    const decipher = createDecipheriv('aes-256-gcm', this.encryption, bytes.subarray(1, afterNonce)).setAAD(Buffer.from(row)).setAuthTag(bytes.subarray(afterNonce, afterTag));
    return Buffer.concat([decipher.update(bytes.subarray(afterTag)), decipher.final()]).toString('utf8');
  }

  /** Tells equal texts apart without keeping them. */
  digest(text: string): string {
    return createHmac('sha256', this.digests).update(text).digest('base64url');
  }
}
