/**
 * The colours of figures and pages, by name. Hues after Okabe and Ito: they stay apart for every common kind of colour
 * blindness, and no figure tells two things apart by hue alone where shape or sign can.
 */

/** Names of colours; each is a CSS custom property `--name` of the page. */
export type ColourName =
  | 'paper'
  | 'panel'
  | 'ink'
  | 'soft'
  | 'rule'
  | 'blue'
  | 'vermilion'
  | 'teal'
  | 'purple'
  | 'heat';

type Palette = Readonly<Record<ColourName, string>>;

/** On a white page, and in figure files. */
export const LIGHT: Palette = {
  paper: '#ffffff',
  panel: '#f6f7f9',
  ink: '#1d2228',
  soft: '#59636e',
  rule: '#d5dae0',
  blue: '#0067a8',
  vermilion: '#c8500a',
  teal: '#00806a',
  purple: '#a8458a',
  heat: '#08457e',
};

/** Where the reader prefers dark pages. */
export const DARK: Palette = {
  paper: '#14171b',
  panel: '#1c2126',
  ink: '#e3e7eb',
  soft: '#9aa5b1',
  rule: '#39424c',
  blue: '#5ab4ec',
  vermilion: '#f08c4a',
  teal: '#35c5a4',
  purple: '#dd93c4',
  heat: '#8fd0ff',
};

/** The colour by reference, so that the page decides between light and dark. */
export function colour(name: ColourName): string {
  return `var(--${name})`;
}

/** The declarations of a palette as CSS. */
export function declarations(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, value]) => `--${name}:${value}`)
    .join(';');
}

/** `source` with every reference replaced by the light colour, for viewers without custom properties. */
export function resolveColours(source: string): string {
  return source.replace(/var\(--(\w+)\)/g, (reference, name: string) => LIGHT[name as ColourName] ?? reference);
}
