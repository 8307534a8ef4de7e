/** A part of a text on its way to tokens, normalised or not. */
export interface Piece {
  readonly text: string;
  /** Whether it was cut from the very beginning of the text as it was given. */
  readonly first: boolean;
  /** How many code units at its front come from the first character of the text as it was given. */
  readonly head: number;
}

export function wholeText(text: string): Piece {
  return { text, first: true, head: characterLength(text, 0) };
}

/** Code units from `from` to `to`. */
export function cut({ text, head }: Piece, from: number, to: number): Piece {
  return { text: text.slice(from, to), first: head > from, head: clamp(head - from, to - from) };
}

/** Replaces each character by a text, which may be empty. */
export function mapCharacters(piece: Piece, map: (character: string) => string): Piece {
  let [text, head, at] = ['', 0, 0];
  for (const character of piece.text) {
    text += map(character);
    at += character.length;
    if (at <= piece.head) head = text.length;
  }
  return { ...piece, text, head };
}

/** Puts a text in front, unless the piece is empty. */
export function prepend(piece: Piece, front: string): Piece {
  if (piece.text === '') return piece;
  return { ...piece, text: front + piece.text, head: piece.head === 0 ? 0 : piece.head + front.length };
}

/** Code units of the character at an index: 0 at the end. */
export function characterLength(text: string, at: number): number {
  const code = text.codePointAt(at);
  if (code === undefined) return 0;
  return code > 0xffff ? 2 : 1;
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most);
}
