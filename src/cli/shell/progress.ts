/** A bar on the terminal's last line, while something takes long; nothing where no terminal looks, or one that can clear no line. */
import { progressBar } from '../../report/drawing/chart.ts';
import { widthOf } from '../../report/drawing/width.ts';
import type { Session } from './session.ts';

const BEGINS_AFTER_MS = 300;
const EVERY_MS = 100;
const WIDTH = 40;
/** A shorter bar says nothing. */
const WIDTH_LEAST = 10;
const CLEAR_LINE = '\r\u001b[K';

export class Progress {
  readonly #session: Session;
  readonly #isSeen: boolean;
  #nextMs: number;
  #isDrawn = false;

  constructor(session: Session) {
    this.#session = session;
    const { errors, env } = session.terminal;
    this.#isSeen = errors.isTTY === true && env['TERM'] !== 'dumb';
    this.#nextMs = performance.now() + BEGINS_AFTER_MS;
  }

  /** @param share 0 to 1 */
  show(share: number, what: string): void {
    if (!this.#isSeen || performance.now() < this.#nextMs) return;
    this.#nextMs = performance.now() + EVERY_MS;
    this.#isDrawn = true;
    const { terminal, palette, width } = this.#session;
    // A line that the terminal breaks is not cleared whole.
    const barWidth = Math.min(WIDTH, width - widthOf(what) - 3);
    const bar = barWidth < WIDTH_LEAST ? '' : `${progressBar(share, barWidth, palette)}  `;
    terminal.errors.write(`${CLEAR_LINE}${bar}${what}`);
  }

  clear(): void {
    if (this.#isDrawn) this.#session.terminal.errors.write(CLEAR_LINE);
    this.#isDrawn = false;
  }
}
