/**
 * `rungwise exchange`: the paper exchange alone, on this machine only, until Ctrl-C. `--market okx` follows OKX's own market; while that is not heard
 * it stands still and says so.
 *
 * Standard output: where it is and, where it made an account, its keys. With `--state` it goes on where it was; at speed 1 a generated market
 * has meanwhile gone on too, at another speed and in a replay it stood still.
 */
import { readFileSync, statSync } from 'node:fs';
import { moneyText } from '../../core/instrument/instrument.ts';
import type { WriterLock } from '../../journal/files/writer-lock.ts';
import type { AccountOptions } from '../../paper/desk/desk.ts';
import { PaperExchange } from '../../paper/exchange.ts';
import { type OkxRelay, RelayError } from '../../paper/market/okx-relay.ts';
import { type ReadExchange, readState, StateFileError, StateKeeper } from '../../paper/saved/state-file.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import { EXIT } from '../shell/failure.ts';
import { guarded, systemCode } from '../shell/files.ts';
import { listenForInterruption } from '../shell/interruption.ts';
import type { Session } from '../shell/session.ts';
import { soleWriter } from '../shell/sole-writer.ts';
import { UsageError } from '../shell/usage-error.ts';
import { accountsOf, newAccount } from './exchange-accounts.ts';
import { type MadeMarket, marketOf, relayReason } from './exchange-market.ts';

export interface ExchangeOptions {
  readonly port: number;
  /** `generated`, `replay` and a file, or `okx`. */
  readonly market: readonly string[];
  readonly symbol?: string;
  readonly symbols?: readonly string[];
  /** Where OKX is; its public sockets. */
  readonly host?: string;
  readonly ws?: string;
  readonly seed?: number;
  readonly speed: number;
  readonly account?: readonly string[];
  readonly state?: string;
  readonly admin?: boolean;
  /** False: nobody is limited. */
  readonly limits: boolean;
}

/** @returns 0 once it was told to end; 3 where OKX's market is not available. @throws {UsageError} (a second instance with one state: exit code 4) @throws {DataError} @throws {Interrupted} while candles are read */
export async function exchange(session: Session, options: ExchangeOptions): Promise<number> {
  const lock = options.state === undefined ? undefined : lockOf(session, options.state);
  try {
    return await served(session, options);
  } finally {
    lock?.release();
  }
}

async function served(session: Session, options: ExchangeOptions): Promise<number> {
  const { texts, palette } = session;
  const saved = options.state === undefined ? undefined : savedState(session, options.state);
  const accounts = accountsOf(session, options, saved?.floor.desks ?? []);
  let made: MadeMarket;
  try {
    made = await marketOf(session, options, saved);
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    session.tell(palette.bad(texts.exchange.noMarket(relayReason(session, error.problem))));
    return EXIT.exchange;
  }
  const owner = accounts.length > 0 || (saved?.floor.desks.length ?? 0) > 0 ? undefined : newAccount();
  const running = new PaperExchange({
    source: made.source,
    clock: made.clock,
    accounts: owner === undefined ? accounts : [owner],
    isRateLimited: options.limits,
    hasAdmin: options.admin === true,
    ...(saved === undefined ? {} : { saved: saved.floor }),
  });
  // Since it was saved the market has gone on: what was passed over acts at the price that is there.
  if (saved !== undefined) made.relay?.market.jump();
  const port = await listened(session, running, options.port, made.relay);
  const keeper =
    options.state === undefined
      ? undefined
      : new StateKeeper(options.state, made.market, running.floor, (error) =>
          session.tell(palette.warn(texts.exchange.notSaved(String(options.state), reasonOf(session, error)))),
        );
  if (keeper !== undefined) running.keep(keeper);
  // Whoever reads that it runs may end it from then on.
  const end = told();
  for (const line of greeting(session, made.shown, port)) session.print(line);
  if (saved !== undefined) session.say(texts.exchange.resumed(saved.floor.desks.length, String(options.state)));
  if (saved?.isCutShort === true) session.tell(palette.warn(texts.exchange.cutShort(String(options.state))));
  if (owner !== undefined) for (const line of ownerLines(session, owner)) session.print(line);
  session.tell(palette.dim(texts.exchange.stopHint));
  await end;
  made.relay?.close();
  await running.close();
  keeper?.release();
  session.tell(palette.dim(texts.exchange.ended));
  return EXIT.done;
}

/** @throws {UsageError} where another exchange has that file, or nobody can write it */
function lockOf(session: Session, path: string): WriterLock {
  guarded(session, path, () => {
    // A folder is refused before anything is put beside it.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) readFileSync(path);
  });
  return soleWriter(session, path, session.texts.exchange.inUse(path));
}

/** @throws {UsageError} where the file is not one of ours, or could not be written */
function savedState(session: Session, path: string): ReadExchange | undefined {
  try {
    return guarded(session, path, () => readState(path));
  } catch (error) {
    if (error instanceof StateFileError) {
      const { notState, damagedState } = session.texts.exchange;
      throw new UsageError(error.isDamage ? damagedState(path) : notState(path), { cause: error });
    }
    throw error;
  }
}

/** @throws {UsageError} where somebody else listens there, or only the system's own may */
async function listened(
  { texts }: Session,
  running: PaperExchange,
  wanted: number,
  relay: OkxRelay | undefined,
): Promise<number> {
  try {
    return await running.listen(wanted);
  } catch (error) {
    relay?.close();
    await running.close();
    const code = systemCode(error);
    if (code === 'EADDRINUSE') throw new UsageError(texts.exchange.portTaken(wanted));
    if (code === 'EACCES') throw new UsageError(texts.exchange.portForbidden(wanted));
    throw error;
  }
}

function greeting({ texts, palette }: Session, shown: string, listening: number): string[] {
  const { rest, sockets, allChannels, running } = texts.exchange;
  const ws = `ws://127.0.0.1:${listening}/ws/v5`;
  const column = Math.max(rest.length, sockets.length) + 2;
  const row = (name: string, value: string) => `  ${palette.dim(name.padEnd(column))}${value}`;
  return [
    palette.strong(running(shown)),
    row(rest, `http://127.0.0.1:${listening}`),
    ...['public', 'private', 'business'].map((word, n) => row(n === 0 ? sockets : '', `${ws}/${word}`)),
    row('', `${ws}/any  ${palette.dim(`(${allChannels})`)}`),
  ];
}

function ownerLines({ texts, report }: Session, owner: AccountOptions): string[] {
  return [
    texts.exchange.made(decimalShown(moneyText(owner.balance), report)),
    `  RUNGWISE_OKX_KEY=${owner.key}`,
    `  RUNGWISE_OKX_SECRET=${owner.secret}`,
    `  RUNGWISE_OKX_PASSPHRASE=${owner.passphrase}`,
  ];
}

/** Until Ctrl-C, or a polite kill. */
async function told(): Promise<void> {
  await new Promise<void>((asked) => listenForInterruption(asked));
}

function reasonOf({ texts }: Session, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return code === undefined ? String(error) : texts.file(code);
}
