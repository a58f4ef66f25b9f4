/**
 * `rungwise replay JOURNAL`: today's code thinks the journal again, with the configuration that stands in it or another one, and the first row
 * where it decides otherwise is shown, with the release that wrote it and the one that replays: between the two a rule may have been mended. The
 * journal is only read; its bot may run meanwhile.
 */
import { type Config, loadConfig, loadTree } from '../../config/index.ts';
import type { Registry } from '../../core/registry.ts';
import { openJournalReader } from '../../journal/sqlite-journal.ts';
import { type Rethought, rethink } from '../../runtime/past/replay.ts';
import { jsonText } from '../format/json-text.ts';
import { EXIT } from '../shell/failure.ts';
import { readText } from '../shell/files.ts';
import { Progress } from '../shell/progress.ts';
import { type Release, thisRelease } from '../shell/release.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { beginLife, Lives } from './lives.ts';
import type { Started } from './started-note.ts';

export interface ReplayOptions {
  /** Today's configuration in place of the recorded one. */
  readonly config?: string;
  readonly json?: boolean;
}

/** @returns 0 where every decision is the same, 1 where one is not. @throws {JournalError} @throws {ConfigError} @throws {UsageError} */
export function replay(session: Session, path: string, options: ReplayOptions): number {
  const journal = openJournalReader(path);
  const progress = new Progress(session);
  try {
    const config = options.config === undefined ? undefined : readConfig(session, options.config);
    const lives = new Lives(journal, (rows) => {
      progress.show(rows / journal.lastSeq, session.texts.operate.rows(rows));
    });
    const differing = rethinkLives(lives, (started) => config ?? loadTree(started.configuration, { name: path }));
    progress.clear();
    if (lives.rows > 0 && lives.count === 0) throw new UsageError(session.texts.operate.noStart(path));
    tell(session, options, lives, differing);
    return differing === undefined ? EXIT.done : EXIT.no;
  } finally {
    progress.clear();
    journal.close();
  }
}

function readConfig(session: Session, file: string): Config {
  return loadConfig(readText(session, file), { name: file });
}

/** One life after the other, each beginning with the state that the one before has left, as a recovery would. */
function rethinkLives(lives: Lives, configOf: (started: Started) => Config): Rethought | undefined {
  let registry: Registry | undefined;
  for (let started = lives.next(); started !== undefined; started = lives.next()) {
    registry = beginLife(started, configOf(started), registry);
    const differing = rethink(registry, lives.rowsOfLife());
    if (differing !== undefined) return differing;
  }
  return undefined;
}

function tell(
  session: Session,
  options: ReplayOptions,
  { rows, release }: Lives,
  differing: Rethought | undefined,
): void {
  const { operate } = session.texts;
  const now = thisRelease();
  if (options.json === true) {
    const releases = { writtenBy: release ?? null, replayedBy: now };
    const found =
      differing === undefined
        ? { same: true, rows, ...releases }
        : { same: false, row: differing.seq, ...jsonOf(differing), ...releases };
    return session.print(jsonText(found, 2));
  }
  if (differing === undefined) return session.say(operate.same(rows));
  const { seq, atMs, event, field, was, is } = differing;
  session.say(operate.differs(seq, new Date(atMs).toISOString(), event.kind));
  session.print(`  ${operate.field}: ${field}`);
  session.print(`  ${operate.was}: ${textOf(was, operate.nothing)}`);
  session.print(`  ${operate.is}: ${textOf(is, operate.nothing)}`);
  session.say(`  ${operate.releases(release && releaseText(release), releaseText(now), options.config)}`);
}

function releaseText({ version, code }: Release): string {
  return `${version} (${code})`;
}

function jsonOf({ atMs, event, field, was, is }: Rethought): object {
  return { at: atMs, event, field, was: was ?? null, is: is ?? null };
}

function textOf(value: unknown, nothing: string): string {
  return value === undefined ? nothing : jsonText(value);
}
