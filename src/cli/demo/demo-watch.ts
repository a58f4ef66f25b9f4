/** What the demo remembers of itself: the record for the report, the last happenings, the last refusals, signals and equity. Looks on only. */
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { priceText } from '../../core/instrument/instrument.ts';
import type { Registry } from '../../core/registry.ts';
import { RunRecorder } from '../../report/run/record.ts';
import { type Report, reportOf } from '../../report/run/report.ts';
import { equityUnits } from '../watch/book-status.ts';
import { type Happening, Happenings, type RefusalHappened } from '../watch/happenings.ts';

/** As many as the tallest terminal shows. */
const KEPT = 100;

export class DemoWatch {
  /** Of each symbol at the start. */
  readonly firstPrices = new Map<string, string>();
  /** The newest first. */
  readonly refusals: RefusalHappened[] = [];
  readonly happenings: Happening[] = [];
  readonly #recorder: RunRecorder;
  readonly #happenings: Happenings;
  readonly #symbols: number;
  #minutes = 0;
  #isStarted = false;

  /** @param tell hears every happening once it is started */
  constructor(startBalance: bigint, instruments: readonly Instrument[], tell: (happening: Happening) => void) {
    this.#symbols = instruments.length;
    this.#recorder = new RunRecorder(startBalance, instruments);
    this.#happenings = new Happenings((happening) => {
      keepNewest(happening.kind === 'refusal' ? this.refusals : this.happenings, happening);
      tell(happening);
    });
  }

  get signals() {
    return this.#happenings.signals;
  }

  /** The history is over: from here it counts. */
  start(registry: Registry): void {
    this.#isStarted = true;
    for (const { instrument, markTicks } of registry.symbols)
      this.firstPrices.set(instrument.instId, priceText(instrument, markTicks));
    this.#recorder.minuteEnded(registry.now, Number(registry.balance), 0);
  }

  thought(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void {
    if (!this.#isStarted) return;
    this.#recorder.happened(event);
    this.#recorder.decided(event, decisions);
    this.#happenings.thought(event, decisions, registry);
  }

  minuteEnded(registry: Registry): void {
    this.#minutes += 1;
    const open = registry.symbols.filter(({ position }) => position !== undefined).length;
    this.#recorder.minuteEnded(registry.now, equityUnits(registry), open);
  }

  report(): Report {
    return reportOf(this.#recorder.record({ candles: this.#minutes * this.#symbols }));
  }
}

function keepNewest<T>(list: T[], newest: T): void {
  list.unshift(newest);
  if (list.length > KEPT) list.pop();
}
