import iconv from 'iconv-lite';

export type Decoded = { readonly text: string } | { readonly refused: string };

const refuse = (refused: string): Decoded => ({ refused });

/**
 * Bytes to text. UTF-8 (with or without byte-order mark) and UTF-16 with a mark are known by themselves;
 * anything else must be named, because guessing would turn names of places into other names.
 *
 * @param encoding an IANA name such as `windows-1252`, or undefined to accept Unicode only
 */
export const decodeText = (bytes: Uint8Array, encoding?: string): Decoded => {
  if (encoding !== undefined) {
    if (!iconv.encodingExists(encoding)) return refuse(`the encoding ${encoding} is not known; try windows-1252 or utf-8`);
    return unlessDamaged(iconv.decode(Buffer.from(bytes), encoding));
  }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return unlessDamaged(iconv.decode(Buffer.from(bytes), 'utf-16le'));
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return unlessDamaged(iconv.decode(Buffer.from(bytes), 'utf-16be'));
  try {
    return unlessDamaged(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return refuse('is not UTF-8; save it as "CSV UTF-8", or name its encoding with --encoding windows-1252');
  }
};

const unlessDamaged = (text: string): Decoded => {
  if (text.includes('\0')) return refuse('holds NUL characters, so it is not a text file');
  if (text.includes('\uFFFD')) return refuse('holds characters that were lost in an earlier conversion; export it again');
  return { text };
};
