/**
 * GPT-2's alphabet: bytes that print as themselves in Latin-1 stand for themselves, the other 68 for U+0100, U+0101, ….
 *
 * @source the published encoder.py of GPT-2
 */
export const BYTE_CHARACTERS: readonly string[] = byteCharacters();

export const BYTE_OF: ReadonlyMap<string, number> = new Map(
  BYTE_CHARACTERS.map((character, byte) => [character, byte]),
);

/** The bytes of UTF-8 of a text, in that alphabet. */
export function spellBytes(text: string): string {
  let spelt = '';
  for (const byte of new TextEncoder().encode(text)) spelt += BYTE_CHARACTERS[byte];
  return spelt;
}

function byteCharacters(): string[] {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const prints = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(prints ? byte : next++);
  });
}
