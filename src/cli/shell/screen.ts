/** A terminal's other screen, drawn over and over in one place; whatever happens, the person's own screen comes back. */
import type { Terminal } from './terminal.ts';

const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
/** Before a line, not after: past a full line it would take the last character away. */
const CLEAR_LINE = '\u001b[2K';
/** This line and those below. */
const CLEAR_BELOW = '\u001b[J';
/** Terminals that know it show a frame whole; the others pass over it. */
const FRAME_BEGINS = '\u001b[?2026h';
const FRAME_ENDS = '\u001b[?2026l';

/** Also of one that says 0: a pseudo-terminal nobody has given a size. */
const COLUMNS_UNKNOWN = 80;
const ROWS_UNKNOWN = 24;

export class Screen {
  readonly #terminal: Terminal;
  readonly #leaveAtExit = (): void => this.leave();
  readonly #hearKey: ((bytes: Buffer) => void) | undefined;
  #isEntered = false;

  /** @param pressed hears every key, Ctrl-C included (`\u0003`): a terminal in this state sends no signal */
  constructor(terminal: Terminal, pressed: (key: string) => void) {
    this.#terminal = terminal;
    this.#hearKey = terminal.input.isTTY === true ? (bytes) => pressed(bytes.toString('utf8')) : undefined;
  }

  get columns(): number {
    return this.#terminal.output.columns || COLUMNS_UNKNOWN;
  }

  get rows(): number {
    return this.#terminal.output.rows || ROWS_UNKNOWN;
  }

  enter(): void {
    const { input, output } = this.#terminal;
    this.#isEntered = true;
    process.on('exit', this.#leaveAtExit);
    output.write(ENTER);
    if (this.#hearKey === undefined) return;
    input.setRawMode?.(true);
    input.on('data', this.#hearKey);
    input.resume();
  }

  /** Lines are no wider than `columns` and no more than `rows`: the caller's to keep. */
  draw(lines: readonly string[]): void {
    const last = lines.length - 1;
    const frame = lines.map((line, i) => (i === last ? CLEAR_BELOW : CLEAR_LINE) + line).join('\r\n');
    this.#terminal.output.write(FRAME_BEGINS + HOME + frame + FRAME_ENDS);
  }

  leave(): void {
    if (!this.#isEntered) return;
    this.#isEntered = false;
    process.off('exit', this.#leaveAtExit);
    const { input, output } = this.#terminal;
    if (this.#hearKey !== undefined) {
      input.off('data', this.#hearKey);
      input.setRawMode?.(false);
      input.pause();
    }
    output.write(LEAVE);
  }
}
