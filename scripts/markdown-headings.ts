export interface Heading {
  readonly level: number;
  readonly text: string;
  /** As GitHub makes it: lower case, dashes, a number behind the second of equal ones. */
  readonly anchor: string;
}

/** The headings of a page in Markdown, without those in fenced blocks. */
export function headingsOf(page: string): Heading[] {
  const seen = new Map<string, number>();
  const prose = page.replaceAll(/^```[\s\S]*?^```$/gm, '');
  return Array.from(prose.matchAll(/^(#+) (.*)$/gm), ([, marks = '', text = '']) => {
    const slug = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return { level: marks.length, text, anchor: before === 0 ? slug : `${slug}-${before}` };
  });
}
