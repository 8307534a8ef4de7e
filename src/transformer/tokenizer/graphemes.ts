/** Code units that are segmented at a time: the runtimes' segmenters may take time that grows with the square of the length. */
const CHUNK = 256;

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/** The extended grapheme clusters of a text, from left to right. */
export function* graphemes(text: string): Generator<string> {
  let size = CHUNK;
  for (let from = 0; from < text.length; ) {
    const to = from + size + (isHighSurrogate(text.charCodeAt(from + size - 1)) ? 1 : 0);
    const isLast = to >= text.length;
    const found = Array.from(segmenter.segment(text.slice(from, to)), ({ segment }) => segment);
    // The last one may go on beyond the chunk; from where it begins, segmentation may begin anew.
    if (!isLast) found.pop();
    for (const grapheme of found) {
      yield grapheme;
      from += grapheme.length;
    }
    size = found.length > 0 ? CHUNK : 2 * size;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
