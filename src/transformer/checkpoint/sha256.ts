import { sha256 } from '@noble/hashes/sha2.js';
import { nodeModule } from '../../core/node-modules.ts';

/** A SHA-256 over bytes that come in pieces. */
export interface Sha256 {
  update(bytes: Uint8Array): void;
  /** 64 hexadecimal digits, as `sha256sum` prints them; ends the computation. */
  hex(): string;
}

/**
 * A fresh SHA-256: Node's own where there is one (about ten times faster), else in JavaScript.
 *
 * @source FIPS 180-4
 */
export function createSha256(): Sha256 {
  const crypto = nodeModule('node:crypto');
  return crypto === null ? portableSha256() : nativeSha256(crypto);
}

function nativeSha256(crypto: typeof import('node:crypto')): Sha256 {
  const hash = crypto.createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
}

/** SHA-256 in JavaScript, for pages. */
export function portableSha256(): Sha256 {
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), hex: () => hexOf(hash.digest()) };
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
