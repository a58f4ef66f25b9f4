/** When the core wants to be woken, told by the event itself that changed it: no price need come after it. */
import { describe, expect, it } from 'vitest';
import { PRICE, Script } from '../../test/script.ts';
import { opened, turn } from '../../test/without-signal.ts';
import { nextDeadlineMs } from './registry.ts';

const MINUTE = 60_000;
/** A maker is looked at three times within its 10 s. */
const LOOK = 2_500;

const wakesIn = (script: Script) => nextDeadlineMs(script.registry) - script.now;

describe('the core is woken', () => {
  it('for the time limit of what a fill has opened', () => {
    const script = new Script();
    script.signal(1);
    const { order } = script.live('entry');
    script.takeAlone(script.fillEvent(1, order.sizeLots, PRICE, { clientId: order.clientId }));
    expect(wakesIn(script)).toBe(15 * MINUTE);
  });

  it('for the rung that a candle has asked for', () => {
    const script = opened(1, 'on_trigger');
    script.wait(2 * MINUTE);
    turn(script, 1);
    script.endMinute();
    script.price(PRICE - 30);
    script.takeAlone = ((take) => (event) => {
      const decided = take(event);
      if (event.kind === 'candle-closed') expect(wakesIn(script)).toBe(LOOK);
      return decided;
    })(script.takeAlone.bind(script));
    script.candleAlone(PRICE - 30);
    expect(script.has('rung')).toBe(true);
  });

  it('for the close of a position that a person flattens, not for its time limit', () => {
    const script = new Script().enter(1);
    script.takeAlone({ kind: 'operator', at: script.now, command: { do: 'flatten', by: 'a person' } });
    expect(wakesIn(script)).toBe(Number.POSITIVE_INFINITY);
  });

  it('at a look at its maker for the next one, not for the same again', () => {
    const script = new Script();
    script.signal(1);
    for (const left of [LOOK, LOOK, LOOK]) {
      expect(wakesIn(script)).toBe(left);
      script.now += left;
      script.takeAlone({ kind: 'time', at: script.now });
    }
    expect(wakesIn(script)).toBe(LOOK);
  });

  it('for the time limit of what was left to a person, once they give it a base', () => {
    const script = new Script({ execution: { unknownPosition: 'alert' } });
    script.take(script.fillEvent(1, 800, PRICE));
    expect(wakesIn(script)).toBe(Number.POSITIVE_INFINITY);
    const { instId } = script.symbol.instrument;
    script.takeAlone({ kind: 'operator', at: script.now, command: { do: 'base', by: 'a person', instId } });
    expect(wakesIn(script)).toBe(15 * MINUTE);
  });
});
