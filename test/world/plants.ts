/**
 * Bugs that are planted on purpose, to see whether the world finds them (reliability.md R7). Each is a slip that was made somewhere once, in this
 * project or in lessons.md: one place of the source that says something else. Applied while the sources are loaded, in a thread of its own
 * (worker.ts).
 */
export interface Plant {
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly was: string;
  readonly is: string;
}

const LOOP = 'src/runtime/loop.ts';
const INQUIRIES = 'src/runtime/inquiries.ts';
const RECOVER = 'src/runtime/past/recover.ts';
const STEP = 'src/core/step.ts';
const ANSWERS = 'src/core/orders/answers.ts';
const FILLS = 'src/core/position/fills.ts';
const EXITS = 'src/core/exits/exits.ts';
const CLOSING = 'src/core/exits/closing.ts';
const ENTRY = 'src/core/adding/entry.ts';
const QUESTION = 'src/core/adding/question.ts';
const ADDITION = 'src/core/adding/addition.ts';
const ORDERS = 'src/core/orders/orders.ts';
const RECONCILE = 'src/core/account/reconcile.ts';
const SAVED = 'src/core/saved-registry.ts';
const TRADABLE = 'src/core/instrument/tradable.ts';
const TAKEN_GRID = 'src/core/instrument/taken-grid.ts';
const DOOR = 'src/core/governors/door.ts';
const GATEWAY = 'test/world/gateway.ts';

export const PLANTS: readonly Plant[] = [
  {
    name: 'the sync is skipped',
    file: LOOP,
    was: 'this.#think(event, acts);\n      this.#settings.journal.commit();',
    is: 'this.#think(event, acts);',
  },
  {
    name: 'orders are sent while they are thought of',
    file: LOOP,
    was: 'acts.push(...decisions);',
    is: 'for (const decision of decisions) this.#act(decision);',
  },
  {
    name: 'a failed commit is passed over',
    file: LOOP,
    was: '    } catch (error) {\n      return this.#fail(error);\n    }\n    for (const act',
    is: '    } catch {}\n    for (const act',
  },
  {
    name: 'an overflow is not told',
    file: LOOP,
    was: "exchangeLost(this.#time.nowMs(), { code: 'events-dropped', events: dropped })",
    is: "{ kind: 'time', at: this.#time.nowMs() }",
  },
  {
    name: 'an overflow gives fills up',
    file: LOOP,
    was: 'new Set<CoreEvent>([...commands, ...bookings.values()])',
    is: 'new Set<CoreEvent>(commands)',
  },
  {
    name: 'a restart is not told',
    file: LOOP,
    was: 'if (journal.lastSeq > 0) this.hear',
    is: 'if (journal.lastSeq < 0) this.hear',
  },
  {
    name: 'silence is a rejection',
    file: INQUIRIES,
    was: "kind: 'order-unknown',\n          at: nowMs,",
    is: "kind: 'order-rejected',\n          code: 'time-out',\n          message: '',\n          at: nowMs,",
  },
  {
    name: 'what is unknown is never asked for',
    file: INQUIRIES,
    was: 'this.#exchange.inquire(open.order);',
    is: '',
  },
  {
    name: 'the account is read once',
    file: INQUIRIES,
    was: 'if (this.#readAt + this.#readEveryMs() <= nowMs) {',
    is: 'if (this.#readAt === Number.NEGATIVE_INFINITY) {',
  },
  {
    name: 'recovery forgets what was decided',
    file: RECOVER,
    was: "else if (kind === 'decision') loadTouched(registry, payload.after);",
    is: '',
  },
  {
    name: 'recovery loses the row after the snapshot',
    file: RECOVER,
    was: '(snapshot?.seq ?? 0) + 1',
    is: '(snapshot?.seq ?? -1) + 2',
  },
  {
    name: 'a snapshot forgets the trades it has seen',
    file: SAVED,
    was: 'tradesSeen: symbol.tradesSeen.oldestFirst(),',
    is: 'tradesSeen: [],',
  },
  {
    name: 'a snapshot forgets the position',
    file: SAVED,
    was: "  'position',\n",
    is: '',
  },
  {
    name: 'a time-out ends the order, and the next attempt is sent',
    file: ANSWERS,
    was: "if (open !== undefined && open.state !== 'ending') open.state = 'unknown';",
    is: "onEnded(registry, { kind: 'order-ended', at: registry.now, clientId, filledLots: lots(0), cause: 'time-out' });",
  },
  {
    name: 'an end that names more fills than were told is taken for the end',
    file: ANSWERS,
    was: 'if (event.filledLots > open.filledLots) {',
    is: 'if (event.filledLots < 0) {',
  },
  {
    name: 'a stop that the exchange ended is not placed again',
    file: ANSWERS,
    was: "{ code: 'stop-lost', cause });\n  }\n  protect(registry, symbol, position, false);\n}",
    is: "{ code: 'stop-lost', cause });\n  }\n}",
  },
  {
    name: 'a lost connection changes nothing',
    file: STEP,
    was: 'registry.ready = false;\n  registry.differences = undefined;',
    is: 'registry.differences = undefined;',
  },
  {
    name: 'that access is refused is not told',
    file: STEP,
    was: "if (because?.code === 'access-refused') tellRefusedAccess(registry, because.words);",
    is: '',
  },
  {
    name: 'a refused amendment is taken for done',
    file: ANSWERS,
    was: 'if (event.done) {',
    is: 'if (event.kind !== undefined) {',
  },
  {
    name: 'an amendment is confirmed by an earlier one told again',
    file: ANSWERS,
    was: ' || isOfEarlier(open, event)',
    is: '',
  },
  {
    name: 'a minute of the past is taken for now',
    file: STEP,
    was: 'const isOld = isTooLate(registry, at);',
    is: 'const isOld = false;',
  },
  {
    name: 'a pause pauses nothing',
    file: STEP,
    was: 'registry.halt = { kind: command.do, by: command.by, at: registry.now };',
    is: '',
  },
  {
    name: 'a fill that is told twice is booked twice',
    file: FILLS,
    was: 'if (!symbol.tradesSeen.add(event.tradeId)) return;',
    is: '',
  },
  {
    name: 'funding that is told twice is booked twice',
    file: FILLS,
    was: 'if (!symbol.tradesSeen.add(`funding ${at}`)) return;',
    is: '',
  },
  {
    name: 'a fill without a name is booked',
    file: FILLS,
    was: "if (event.tradeId === '') return loseSight(registry);",
    is: '',
  },
  {
    name: 'fees are not booked',
    file: FILLS,
    was: 'registry.balance = money(registry.balance - event.fee);',
    is: '',
  },
  {
    name: 'a liquidation is not ours to book',
    file: FILLS,
    was: "if (event.tradeId === '') return loseSight(registry);",
    is: "if (event.tradeId === '') return loseSight(registry);\n  if (event.cause === 'liquidation') return;",
  },
  {
    name: 'the stop keeps the size of the entry',
    file: EXITS,
    was: 'return amend(registry, standing, kept, lots + standing.filledLots, position.exits.stopReason);',
    is: 'return amend(registry, standing, kept, standing.sizeWanted, position.exits.stopReason);',
  },
  {
    name: 'only the entry is protected',
    file: FILLS,
    was: '  protect(registry, symbol, position, true);\n  const unwanted',
    is: "  if (role === 'entry') protect(registry, symbol, position, true);\n  const unwanted",
  },
  {
    name: 'no stop is placed',
    file: EXITS,
    was: '  protectByStop(registry, symbol, position, afterRung);\n',
    is: '',
  },
  {
    name: 'a close that was refused is given up',
    file: CLOSING,
    was: 'if (pauseMs === 0) return beginClose(registry, symbol, position);',
    is: 'position.closeRefusal = { said, againAt: Number.POSITIVE_INFINITY };',
  },
  {
    name: 'a close that is refused is tried whole again and again',
    file: CLOSING,
    was: 'const tried = refusals < 2 ? lots : Math.ceil(lots / 2 ** (refusals - 1));',
    is: 'const tried = lots * Math.max(1, refusals);',
  },
  {
    name: 'a target that was refused again and again is given up',
    file: 'src/core/exits/targets.ts',
    was: 'if (before >= ATTEMPTS_OF_A_STEP || registry.now < againAt) return false;',
    is: 'if (registry.now >= againAt) return false;',
  },
  {
    name: 'a rung that was filled in part is asked for again',
    file: ADDITION,
    was: '\n  const number = position.rungs.length + 1;',
    is: '\n  const number = position.rungs.filter((rung) => rung.filledLots >= rung.plannedLots).length + 1;',
  },
  {
    name: 'rungs are not counted',
    file: ADDITION,
    was: 'additionsMade: position.rungs.length,',
    is: 'additionsMade: 0,',
  },
  {
    name: 'two orders of a symbol may be in flight',
    file: QUESTION,
    was: 'ordersInFlight: (rests || symbol.working === undefined) && symbol.position?.closing === undefined ? 0 : 1,',
    is: 'ordersInFlight: 0,',
  },
  {
    name: 'what is not known is no reason against adding',
    file: QUESTION,
    was: 'stateKnown: registry.ready && symbol.unexplained === undefined &&',
    is: 'stateKnown:',
  },
  {
    name: 'the number of a position is used again',
    file: ENTRY,
    was: 'how.after?.position ?? registry.nextPosition++',
    is: 'how.after?.position ?? registry.nextPosition',
  },
  {
    name: 'the attempt is not in the name',
    file: 'src/core/orders/order.ts',
    was: 'pair(attempt) + digit(part)',
    is: 'pair(1) + digit(part)',
  },
  {
    name: 'exits are not reduce-only',
    file: ORDERS,
    was: "reduceOnly: judgement === 'reduces',",
    is: 'reduceOnly: false,',
  },
  {
    name: 'an order that is called back is forgotten at once',
    file: ORDERS,
    was: "  open.state = 'ending';\n  decide",
    is: '  registry.orders.delete(open.order.clientId);\n  decide',
  },
  {
    name: 'an amendment is taken for done when it is sent',
    file: ORDERS,
    was: '  open.amending = true;\n',
    is: '  open.ticks = open.ticksWanted;\n  open.sizeLots = open.sizeWanted;\n',
  },
  {
    name: 'the first reading is believed',
    file: RECONCILE,
    was: '(each: Difference) => before.includes(textOf(each));',
    is: '(each: Difference) => before.length >= 0 || textOf(each) === undefined;',
  },
  {
    name: 'a reading older than a fill is believed',
    file: RECONCILE,
    was: ' || registry.symbols.some(({ movedAt }) => movedAt >= reading.at)',
    is: '',
  },
  {
    name: 'an order that has vanished is not missed',
    file: RECONCILE,
    was: '  askForMissing(registry, reading);\n',
    is: '',
  },
  {
    name: 'a difference is told and not taken over',
    file: RECONCILE,
    was: '    difference.settle();\n',
    is: '',
  },
  {
    name: 'orders of a lost journal stay',
    file: RECONCILE,
    was: 'settle: isOurs ? callBack : () => undefined,',
    is: 'settle: () => undefined,',
  },
  {
    name: 'a failed reading is an empty account',
    file: GATEWAY,
    was: 'this.#lost(`the account could not be read: ${reason}`);',
    is: "this.hear({ kind: 'exchange-read', at: this.#exchangeMs + reason.length, balance: 0n as never, available: 0n as never, positions: [], orders: [] });",
  },
  {
    name: 'what was not answered is sent again',
    file: GATEWAY,
    was: "this.hear({ kind: 'order-unknown', at: this.#exchangeMs, clientId, reason: 'no answer' });",
    is: 'this.#send(order);',
  },
  {
    name: 'a duplicate id is a rejection',
    file: GATEWAY,
    was: "if ('yes' in answer || answer.no.code === '51016')\n          this.hear({ kind: 'order-accepted', at: answer.at, clientId });\n        else if (answer.no.proves && answer.no.isUntimely !== true)",
    is: "if ('yes' in answer) this.hear({ kind: 'order-accepted', at: answer.at, clientId });\n        else if ((answer.no.proves && answer.no.isUntimely !== true) || answer.no.code === '51016')",
  },
  {
    name: 'every no is a rejection',
    file: GATEWAY,
    was: 'else if (answer.no.proves && answer.no.isUntimely !== true)\n',
    is: 'else if (answer.no.code !== undefined)\n',
  },
  {
    name: 'what is not found is absent at once',
    file: GATEWAY,
    was: 'else if (at - LAG_MS > order.takenByMs)',
    is: 'else if (at > 0)',
  },
  {
    name: 'that an instrument stops is no reason against adding',
    file: DOOR,
    was: '  if (symbol.untradable !== undefined) return symbol.untradable.facts;\n',
    is: '',
  },
  {
    name: 'maintenance is no reason against adding',
    file: DOOR,
    was: '  if (maintenance !== undefined) return maintenanceHalting(maintenance);\n',
    is: '',
  },
  {
    name: 'maintenance that nobody has said to run has not begun',
    file: 'src/core/instrument/maintenance.ts',
    was: "(each.state === 'running' || isDue(each, now))",
    is: "each.state === 'running'",
  },
  {
    name: 'maintenance is forgotten at a restart',
    file: SAVED,
    was: "  'maintenance',\n",
    is: '',
  },
  {
    name: 'that an instrument has stopped is forgotten at a restart',
    file: SAVED,
    was: "  'untradable',\n",
    is: '',
  },
  {
    name: 'that an instrument stops is not told',
    file: TRADABLE,
    was: '  alert(registry, instId, { ...facts, isClosing: position?.closing !== undefined, isUncovered });\n',
    is: '',
  },
  {
    name: 'that maintenance goes on is told at every word of it',
    file: 'src/core/instrument/maintenance.ts',
    was: '    if (known?.state === each.state && known.begin === each.begin && known.end === each.end) continue;\n',
    is: '',
  },
  {
    name: 'what would grow stays where an instrument stops',
    file: STEP,
    was: "  if (heard === 'stopped') recallEntries(registry, symbol, 'the exchange does not trade it as it did');\n",
    is: "  if (heard === 'stopped') return;\n",
  },
  {
    name: 'what an instrument was not traded for is not made up for when it trades again',
    file: STEP,
    was: "  if (isTakenAgain || (heard !== 'stopped' && mayTryAgain(registry, symbol))) mend(",
    is: "  if (heard === 'as-before' && mayTryAgain(registry, symbol)) mend(",
  },
  {
    name: 'where an instrument has stopped nothing is tried again',
    file: TRADABLE,
    was: '  if (registry.now < untradable.triedAt + TRIED_EVERY_MS) return false;',
    is: '  if (registry.now >= untradable.triedAt) return false;',
  },
  {
    name: 'where an instrument has stopped every no asks for the next close',
    file: CLOSING,
    was: '    position.closeRefusal = { said, ...told, againAt: Number.POSITIVE_INFINITY };\n    return;',
    is: '    return beginClose(registry, symbol, position);',
  },
  {
    name: 'a leaving bot goes on adding',
    file: STEP,
    was: '      registry.leaving = true;\n',
    is: '',
  },
  {
    name: 'what was said of instruments while nobody listened is not read',
    file: GATEWAY,
    was: '    this.#watch.missed();\n    this.#watchSilence();',
    is: '    this.#watchSilence();',
  },
  {
    name: 'what would not be amended is called back where nothing is traded',
    file: ANSWERS,
    was: '  if (open.symbol.untradable !== undefined) return;\n',
    is: '',
  },
  {
    name: 'a stop is called back before the one in its stead is confirmed',
    file: ANSWERS,
    was: '  open.state = state;\n}\n',
    is: "  open.state = state;\n  cancel(registry, open, 'it would not be amended');\n}\n",
  },
  {
    name: 'a state is read on the grid of today',
    file: SAVED,
    was: '  if (saved === undefined) return of;\n',
    is: '  if (saved !== null) return of;\n',
  },
  {
    name: 'what a life has written is read on the grid of the one before',
    file: RECOVER,
    was: '      takeGrids(registry, notedInstruments(payload));\n',
    is: '',
  },
  {
    name: 'what stands in old ticks and lots is taken for new ones',
    file: TAKEN_GRID,
    was: '    leaveBehind(registry, symbol);\n',
    is: '',
  },
  {
    name: 'what a position that is sought was made of is booked on the new grid',
    file: FILLS,
    was: "  if (symbol.sought === 'position') return;\n",
    is: '',
  },
  {
    name: 'what is open is measured in another contract before its size in that is known',
    file: TRADABLE,
    was: '  registry.isSeeking = true;\n',
    is: '',
  },
  {
    name: 'another contract is no reason against adding',
    file: TRADABLE,
    was: "  if (changes.length > 0) return { code: 'instrument-changed', changes };\n",
    is: "  if (changes.some(({ of }) => of !== 'contract')) return { code: 'instrument-changed', changes };\n",
  },
  {
    name: 'a contract that became another one while a life ran is forgotten by the next',
    file: TRADABLE,
    was: "  const change = changes.find(({ of }) => of === 'contract');\n",
    is: "  const change = changes.find(({ of }) => of === 'contract' && !registry.folding);\n",
  },
  {
    name: 'what somebody holds with cross margin is no reason against adding',
    file: RECONCILE,
    was: '  leaveUnexplained(symbol, facts);\n  alert(registry, held.instId, facts);\n',
    is: '  alert(registry, held.instId, facts);\n',
  },
  {
    name: 'a part of a lot that was filled is no reason against adding',
    file: GATEWAY,
    was: 'if (!order.reduceOnly && !this.grid.mayGrow(instId))',
    is: 'if (!order.reduceOnly && instId === undefined)',
  },
];
