/** Colours of a terminal, as a palette that is passed in: nothing here knows whether there is one. */

/** How a text is marked; `PLAIN` marks nothing. picocolors' functions fit. */
export interface Palette {
  good(text: string): string;
  bad(text: string): string;
  warn(text: string): string;
  dim(text: string): string;
  strong(text: string): string;
  accent(text: string): string;
}

const same = (text: string): string => text;
export const PLAIN: Palette = { good: same, bad: same, warn: same, dim: same, strong: same, accent: same };
