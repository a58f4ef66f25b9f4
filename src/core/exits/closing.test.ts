/** A close that is refused: in which pieces and how often it is tried, and when a person is told. Source: rules.md §5, §7; decision 0038. */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { fold } from '../step.ts';

const { instId } = SCRIPT_SWAP;
const closes = (script: Script) => script.placed.filter(({ role }) => role === 'close').map(({ sizeLots }) => sizeLots);
const alerts = (script: Script) => script.ofKind('alert').filter(({ code }) => code === 'close-failed');

/** A position of so many lots, bought by hand, of an instrument whose least order is 10; a person wants it closed, and no close is taken. */
function refused(lots: number): Script {
  const script = new Script({ instruments: [{ ...SCRIPT_SWAP, lotsMin: 10 as never }] });
  script.take(script.fillEvent(1, lots, PRICE));
  script.answers.set('close', 'reject');
  script.operator({ do: 'flatten', by: 'a person' });
  return script;
}

describe('a close that is refused', () => {
  it.each([
    // From the third try on half of the one before, never less than the least order, and never leaving less than that.
    [15, [15, 15, 15, 15]],
    [19, [19, 19, 19, 19]],
    [20, [20, 20, 10, 10]],
    [25, [25, 25, 13, 10]],
    [80, [80, 80, 40, 20]],
  ])('of %i lots is tried in pieces that can be sent: %j', (lots, pieces) => {
    const script = refused(lots);
    script.wait(750);
    expect(closes(script)).toEqual(pieces);
  });

  it('is told to a person once its tries are far apart, and then once a minute', () => {
    const script = refused(80);
    script.wait(15_749);
    expect([closes(script).length, alerts(script).length]).toEqual([7, 0]);
    script.wait(1);
    expect([closes(script).length, alerts(script)]).toMatchObject([8, [{ facts: { times: 8 } }]]);
    script.wait(59_999);
    expect(alerts(script)).toHaveLength(1);
    script.wait(1);
    expect(alerts(script)).toHaveLength(2);
  });

  it('where the instrument is not traded waits until it is, whatever is bought by hand meanwhile', () => {
    const script = new Script().enter(1);
    script.take({ kind: 'instrument', at: script.now, instId, changes: [], stopped: 'suspend' });
    script.answers.set('close', 'reject');
    script.operator({ do: 'flatten', by: 'a person', instId });
    script.take(script.fillEvent(1, 100, PRICE));
    script.wait(60_000);
    expect(closes(script)).toHaveLength(1);
    script.answers.clear();
    script.take({ kind: 'instrument', at: script.now, instId, changes: [] });
    expect(script.live('close').sizeLots).toBe(script.position.holding.lots);
  });
});

it('a close of the past is decided by nobody: what was sent then is known from its rows', () => {
  const script = new Script().enter(1);
  fold(script.registry, { kind: 'operator', at: script.now, command: { do: 'flatten', by: 'a person' } });
  expect([script.registry.decisions, script.position.closing]).toEqual([[], undefined]);
});
