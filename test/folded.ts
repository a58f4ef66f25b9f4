/**
 * A scripted life beside which its journal is folded: after every event the state that a recovery would find is the state that was lived, or the event throws.
 * Indicators stand where the script puts them, and are not compared.
 */
import type { Decision } from '../src/core/decision.ts';
import type { CoreEvent } from '../src/core/event.ts';
import type { Registry } from '../src/core/registry.ts';
import { loadRegistry, loadTouched, type Plain, saveRegistry, saveTouched } from '../src/core/saved-registry.ts';
import { fold } from '../src/core/step.ts';
import { decodeState, encodeState } from '../src/runtime/loop.ts';
import { Script, type ScriptOptions } from './script.ts';

export class FoldedScript extends Script {
  #folded: Registry | undefined;

  constructor(options: ScriptOptions = {}) {
    super(options);
    const twin = new Script(options);
    Object.assign(twin, { market: this.market });
    for (const { symbol } of [this, twin]) Object.defineProperty(symbol.series, 'save', { value: () => [] });
    loadRegistry(twin.registry, written(saveRegistry(this.registry)));
    this.#folded = twin.registry;
  }

  override takeAlone(event: CoreEvent): Decision[] {
    const decided = super.takeAlone(event);
    // The constructor of the script takes events before there is anything beside it.
    const folded = #folded in this ? this.#folded : undefined;
    if (folded === undefined) return decided;
    fold(folded, event);
    if (decided.length > 0 || this.registry.symbols.some(({ touched }) => touched))
      loadTouched(folded, written(saveTouched(this.registry)));
    const [found, lived] = [encodeState(saveRegistry(folded)), encodeState(saveRegistry(this.registry))];
    if (found !== lived)
      throw new Error(`after ${event.kind} a recovery finds\n${found}\nwhere this was lived\n${lived}`);
    return decided;
  }
}

/** As it comes out of the journal. */
function written(state: Plain): Plain {
  return decodeState(encodeState(state)) as Plain;
}
