/** The command line's table of contents: knows every command, holds no decision. Exit codes: failure.ts. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Command, CommanderError, Option } from 'commander';
import { type Decimal, formatDecimal } from '../core/decimal.ts';
import type { BacktestOptions } from './backtest/backtest.ts';
import type { CheckOptions } from './configure/check.ts';
import type { CommandOptions } from './operate/command-bot.ts';
import type { DataDownloadOptions } from './data/data-download.ts';
import type { DataImportOptions } from './data/data-import.ts';
import type { DemoOptions } from './demo/demo.ts';
import type { ExplainOptions } from './operate/explain.ts';
import type { DoctorOptions } from './bot/doctor.ts';
import type { ExchangeOptions } from './exchange/exchange.ts';
import { EXIT, tellFailure } from './shell/failure.ts';
import { amount, positive, positivePercent } from './shell/figures.ts';
import type { InitOptions } from './configure/init.ts';
import { GOVERNORS, PRESETS } from './configure/init-answers.ts';
import type { LiveOptions } from './bot/live.ts';
import { oneOf } from './shell/one-of.ts';
import { wrapped } from '../report/draw.ts';
import type { PaperOptions } from './bot/paper.ts';
import type { PlanOptions } from './configure/plan.ts';
import type { ReplayOptions } from './operate/replay.ts';
import { version } from './shell/release.ts';
import { duration, fees, notNegative, signedPercent, wholeBetween, wholeNumber } from './shell/run-options.ts';
import { language, type Session, sessionOf } from './shell/session.ts';
import { UsageError } from './shell/usage-error.ts';
import { isFolder, ownTerminal, type Terminal } from './shell/terminal.ts';

/**
 * Runs one command.
 *
 * @param argv the words after the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[], terminal: Terminal = ownTerminal()): Promise<number> {
  const session = await sessionOf(argv, terminal);
  let unwritten: Error | undefined;
  const tellUnwritten = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    unwritten = error;
    session.tell(session.texts.unwritten(session.texts.file(String(error.code))));
  };
  terminal.output.once('error', tellUnwritten);
  try {
    const exitCode = await run(argv, session).catch((error: unknown) =>
      error === unwritten ? EXIT.usage : tellFailure(error, session),
    );
    // What the last write met is told a turn later.
    await nextTurn();
    return unwritten !== undefined && exitCode <= EXIT.no ? EXIT.usage : exitCode;
  } finally {
    terminal.output.off('error', tellUnwritten);
  }
}

async function run(argv: readonly string[], session: Session): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = programOf(session, (code) => {
    exitCode = code;
  });
  const asksNothing = argv.every(
    (word) => word.startsWith('--lang') || word === '--no-color' || word === session.language,
  );
  await program.parseAsync(asksNothing ? [...argv, '--help'] : [...argv], { from: 'user' });
  return exitCode;
}

/** Every command with its words. Its code is loaded when it runs. */
function programOf(session: Session, done: (exitCode: number) => void): Command {
  const { texts } = session;
  const program = shell(session);

  program
    .command('init')
    .description(texts.init.summary)
    .argument('[FILE]', texts.init.file)
    .option('--symbols <LIST>', texts.init.symbols, someSymbols(session))
    .option('--balance <USDT>', texts.init.balance, amount('--balance', texts))
    .option('--preset <NAME>', texts.init.preset, oneOf('--preset', PRESETS, texts))
    .option('--partial-min <USDT>', texts.init.partialMin, partialMin(session))
    .option('--governors <LIST>', texts.init.governors, governors(session))
    .option('-y, --yes', texts.init.yes)
    .option('--force', texts.init.force)
    .action(async (file: string | undefined, options: InitOptions) => {
      const { init } = await import('./configure/init.ts');
      done(await init(session, file, options));
    });

  program
    .command('check')
    .description(texts.check.summary)
    .argument('[FILE]', texts.check.file)
    .option('--instrument <FILE>', texts.check.instrument, more)
    .option('--json', texts.check.json)
    .action(async (file: string | undefined, options: CheckOptions) => {
      const { check } = await import('./configure/check.ts');
      done(await check(session, file, options));
    });

  program
    .command('plan')
    .description(texts.plan.summary)
    .argument('[SYMBOLS...]', texts.plan.symbol)
    .option('--book', texts.planBook.option)
    .option('--risk', texts.planRisk.option)
    .option('--seeds <NUMBER>', texts.planRisk.seeds, wholeBetween('--seeds', 1, 100_000, texts))
    .option('--seed <NUMBER>', texts.planRisk.seed, wholeBetween('--seed', 0, 999_999_999, texts))
    .option('--days <NUMBER>', texts.planRisk.days, wholeBetween('--days', 1, 365, texts))
    .option('--price <USDT>', texts.plan.price, positive('--price', texts))
    .option('--balance <USDT>', texts.plan.balance, amount('--balance', texts))
    .option('--side <SIDE>', texts.plan.side, oneOf('--side', ['long', 'short'], texts))
    .option('--regime <REGIME>', texts.plan.regime, oneOf('--regime', ['trending', 'ranging', 'choppy'], texts))
    .option('--stop <PERCENT>', texts.plan.stop, positivePercent('--stop', texts))
    .option('--shock <ATR>', texts.planBook.shock, positive('--shock', texts))
    .option('--config <FILE>', texts.plan.config)
    .option('--instrument <FILE>', texts.plan.instrument, more)
    .option('--json', texts.plan.json)
    .action(async (symbols: readonly string[], options: PlanOptions) => {
      const { plan } = await import('./configure/plan.ts');
      done(await plan(session, symbols, options));
    });

  program
    .command('decide')
    .description(texts.decide.summary)
    .action(async () => {
      const { decideLines } = await import('./decide/decide.ts');
      const { input } = session.terminal;
      if (isFolder(input)) throw new UsageError(texts.decide.folder);
      if (input.isTTY === true) session.tell(texts.decide.waiting);
      done(await decideLines(session.terminal.input, session.terminal.output, session.language));
    });

  const data = program.command('data').description(texts.data.summary);
  data
    .command('import')
    .description(texts.data.importSummary)
    .argument('<FILE>', texts.data.importFile)
    .requiredOption('--symbol <SYMBOL>', texts.data.symbol)
    .option('--instrument <FILE>', texts.data.instrument)
    .option('--volume <UNIT>', texts.data.volume, oneOf('--volume', ['coins', 'contracts'], texts))
    .option('--mend', texts.data.mend)
    .option('--json', texts.data.json)
    .action(async (file: string, options: DataImportOptions) => {
      const { dataImport } = await import('./data/data-import.ts');
      done(await dataImport(session, file, options));
    });
  data
    .command('download')
    .description(texts.bots.download.summary)
    .argument('<SYMBOLS...>', texts.bots.download.symbols)
    .option('--days <NUMBER>', texts.bots.download.days, wholeBetween('--days', 1, 3_650, texts))
    .option('--from <TIME>', texts.bots.download.from)
    .option('--to <TIME>', texts.bots.download.to)
    .option('--funding', texts.bots.download.fundingOption)
    .option('--exchange <URL>', texts.bots.running)
    .option('--host <URL>', texts.bots.publicHost)
    .option('--json', texts.data.json)
    .action(async (symbols: readonly string[], options: DataDownloadOptions) => {
      const { dataDownload } = await import('./data/data-download.ts');
      done(await dataDownload(session, symbols, options));
    });
  data
    .command('list')
    .description(texts.data.listSummary)
    .option('--json', texts.data.json)
    .action(async (options: { readonly json?: boolean }) => {
      const { dataList } = await import('./data/data-list.ts');
      done(dataList(session, options));
    });
  data
    .command('verify')
    .description(texts.data.verifySummary)
    .argument('[SYMBOLS...]', texts.data.verifySymbols)
    .option('--json', texts.data.json)
    .action(async (symbols: readonly string[], options: { readonly json?: boolean }) => {
      const { dataVerify } = await import('./data/data-verify.ts');
      done(dataVerify(session, symbols, options));
    });

  program
    .command('backtest')
    .description(texts.backtest.summary)
    .option('--candles <[SYMBOL=]FILE>', texts.backtest.candlesOption, more)
    .option('--symbol <SYMBOL>', texts.backtest.symbol, more)
    .option('--balance <USDT>', texts.run.balance, amount('--balance', texts))
    .option('--config <FILE>', texts.run.config)
    .option('--preset <NAME>', texts.run.preset, oneOf('--preset', PRESETS, texts))
    .option('--fees <MAKER/TAKER>', texts.backtest.fees, fees('--fees', texts))
    .option('--spread <TICKS>', texts.backtest.spread, wholeNumber('--spread', texts))
    .option('--slippage <BPS>', texts.backtest.slippage, notNegative('--slippage', texts))
    .option('--funding <PERCENT>', texts.backtest.funding, signedPercent('--funding', texts))
    .option('--signals <FILE>', texts.backtest.signals)
    .option('--instrument <FILE>', texts.backtest.instrument, more)
    .option('--mend', texts.backtest.mend)
    .option('--decisions <FILE>', texts.backtest.decisions)
    .option('--json', texts.backtest.json)
    .action(async (options: BacktestOptions) => {
      const { backtest } = await import('./backtest/backtest.ts');
      done(await backtest(session, options));
    });

  program
    .command('exchange')
    .description(texts.exchange.summary)
    .option('--port <NUMBER>', texts.exchange.port, wholeBetween('--port', 0, 65_535, texts), 8780)
    .option('--market <WORDS...>', texts.exchange.market, ['generated'])
    .option('--symbol <SYMBOL>', texts.exchange.symbol)
    .option('--symbols <LIST>', texts.exchange.symbols, someSymbols(session))
    .option('--host <URL>', texts.exchange.host)
    .option('--ws <URL>', texts.exchange.ws)
    .option('--seed <NUMBER>', texts.exchange.seed, wholeBetween('--seed', 0, 999_999_999, texts))
    .option('--speed <FACTOR>', texts.exchange.speed, wholeBetween('--speed', 1, 100_000, texts), 1)
    .option('--account <KEYS>', texts.exchange.account, more)
    .option('--state <FILE>', texts.exchange.state)
    .option('--admin', texts.exchange.admin)
    .option('--no-limits', texts.exchange.noLimits)
    .action(async (options: ExchangeOptions) => {
      const { exchange } = await import('./exchange/exchange.ts');
      done(await exchange(session, options));
    });

  program
    .command('demo')
    .description(texts.demo.summary)
    .option('--for <TIME>', texts.demo.for, duration('--for', texts))
    .option('--speed <FACTOR>', texts.demo.speed, wholeBetween('--speed', 1, 1_000_000, texts), 300)
    .option('--seed <NUMBER>', texts.demo.seed, wholeBetween('--seed', 0, 999_999_999, texts), 27)
    .option('--symbols <LIST>', texts.demo.symbols, someSymbols(session))
    .option('--balance <USDT>', texts.run.balance, amount('--balance', texts))
    .option('--config <FILE>', texts.run.config)
    .option('--preset <NAME>', texts.run.preset, oneOf('--preset', PRESETS, texts))
    .option('--json', texts.demo.json)
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo/demo.ts');
      done(await demo(session, options));
    });

  program
    .command('paper')
    .description(texts.bots.paperSummary)
    .option('--config <FILE>', texts.bots.config)
    .option('--exchange <URL>', texts.bots.exchange)
    .option('--keys <FILE>', texts.bots.keys)
    .option('--seed <NUMBER>', texts.bots.seed, wholeBetween('--seed', 0, 999_999_999, texts))
    .option('--for <TIME>', texts.bots.for, duration('--for', texts))
    .option('--json', texts.bots.json)
    .action(async (options: PaperOptions) => {
      const { paper } = await import('./bot/paper.ts');
      done(await paper(session, options));
    });

  program
    .command('live')
    .description(texts.bots.liveSummary)
    .option('--demo', texts.bots.demo)
    .option('--real', texts.bots.real)
    .option('--config <FILE>', texts.bots.config)
    .option('--keys <FILE>', texts.bots.keys)
    .option('--host <URL>', texts.bots.host)
    .option('--ws <URL>', texts.bots.ws)
    .option('--for <TIME>', texts.bots.for, duration('--for', texts))
    .option('--json', texts.bots.json)
    .action(async (options: LiveOptions) => {
      const { live } = await import('./bot/live.ts');
      done(await live(session, options));
    });

  program
    .command('doctor')
    .description(texts.bots.doctorSummary)
    .option('--demo', texts.bots.demo)
    .option('--real', texts.bots.realKey)
    .option('--exchange <URL>', texts.bots.running)
    .option('--config <FILE>', texts.bots.configOrDefaults)
    .option('--keys <FILE>', texts.bots.keys)
    .option('--host <URL>', texts.bots.host)
    .option('--json', texts.bots.oneJson)
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./bot/doctor.ts');
      done(await doctor(session, options));
    });

  operatorCommands(program, session, done);
  refuseSwallowed(program);
  return program;
}

/** An option is nobody's value: `--decisions --json` lacks its file, and would write into one of that name. */
function refuseSwallowed(command: Command): void {
  for (const option of command.options) {
    const read = option.parseArg;
    if (!option.required || option.variadic) continue;
    option.argParser((word: string, before: unknown) => {
      if (/^--[a-z]/.test(word))
        throw new CommanderError(EXIT.usage, 'commander.optionMissingArgument', `option '${option.flags}'`);
      return read === undefined ? word : read(word, before);
    });
  }
  for (const inner of command.commands) refuseSwallowed(inner);
}

/** For who looks after a running bot, and its journal. */
function operatorCommands(program: Command, session: Session, done: (exitCode: number) => void): void {
  const texts = session.texts.operate;
  const ofBot = (name: string, summary: string) =>
    program
      .command(name)
      .description(summary)
      .option('--account <NAME>', texts.account)
      .option('--journal <FILE>', texts.journal)
      .option('--json', texts.json);

  ofBot('status', texts.statusSummary).action(async (options: CommandOptions) => {
    const { status } = await import('./operate/status.ts');
    done(await status(session, options));
  });
  ofBot('pause', texts.pauseSummary).action(async (options: CommandOptions) => {
    const { commandBot } = await import('./operate/command-bot.ts');
    done(await commandBot(session, { do: 'pause' }, options));
  });
  ofBot('resume', texts.resumeSummary).action(async (options: CommandOptions) => {
    const { commandBot } = await import('./operate/command-bot.ts');
    done(await commandBot(session, { do: 'resume' }, options));
  });
  ofBot('flatten', texts.flattenSummary)
    .argument('[SYMBOL]', texts.flattenSymbol)
    .action(async (instId: string | undefined, options: CommandOptions) => {
      const { commandBot } = await import('./operate/command-bot.ts');
      done(await commandBot(session, { do: 'flatten', ...(instId === undefined ? {} : { instId }) }, options));
    });
  ofBot('base', texts.baseSummary)
    .argument('<SYMBOL>', texts.baseSymbol)
    .argument('[USDT]', texts.baseUsdt, amount('USDT', session.texts))
    .action(async (instId: string, usdt: Decimal | undefined, options: CommandOptions) => {
      const { commandBot } = await import('./operate/command-bot.ts');
      const asked = usdt === undefined ? {} : { usdt: formatDecimal(usdt) };
      done(await commandBot(session, { do: 'base', instId, ...asked }, options));
    });
  ofBot('explain', texts.explainSummary)
    .argument('[ORDER]', texts.explainOrder)
    .option('--last-refusal <SYMBOL>', texts.lastRefusal)
    .option('--governed [SYMBOL]', texts.governedChanges)
    .action(async (order: string | undefined, options: ExplainOptions) => {
      const { explain } = await import('./operate/explain.ts');
      done(explain(session, order, options));
    });
  program
    .command('replay')
    .description(texts.replaySummary)
    .argument('<JOURNAL>', texts.replayJournal)
    .option('--config <FILE>', texts.replayConfig)
    .option('--json', texts.json)
    .action(async (path: string, options: ReplayOptions) => {
      const { replay } = await import('./operate/replay.ts');
      done(replay(session, path, options));
    });
  program
    .command('recover')
    .description(texts.recoverSummary)
    .argument('<JOURNAL>', texts.replayJournal)
    .option('--json', texts.json)
    .action(async (path: string, options: { readonly json?: boolean }) => {
      const { recoverJournal } = await import('./operate/recover.ts');
      done(recoverJournal(session, path, options));
    });
}

/** The program without its commands: language, help, and errors that are thrown instead of printed. */
function shell({ texts, terminal, palette, isColoured, width }: Session): Command {
  const { help } = texts;
  const { output, errors } = terminal;
  return new Command('rungwise')
    .description(texts.description)
    .version(version(), '-V, --version', help.version)
    .helpOption('-h, --help', help.help)
    .helpCommand(`help [${help.command}]`, help.helpCommand)
    .addOption(new Option('--lang <LANGUAGE>', help.language).argParser(language(texts)))
    .option('--no-color', help.noColor)
    .addHelpText('after', () => ['', ...help.exitCodes.split('\n').flatMap((line) => wrapped(line, width))].join('\n'))
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.write(text),
      writeErr: (text) => errors.write(text),
      outputError: () => undefined,
      getOutHelpWidth: () => width,
      getErrHelpWidth: () => width,
      getOutHasColors: () => isColoured,
      getErrHasColors: () => isColoured && errors.isTTY === true,
    })
    .configureHelp({
      showGlobalOptions: true,
      minWidthToWrap: HELP_BESIDE_MIN,
      ...(width < HELP_BELOW ? belowEachOther(width) : {}),
      optionDescription: (option) => option.description,
      styleTitle: (title) => palette.strong(help.titles[title] ?? title),
      styleOptionText: (text) => (text === '[options]' ? help.options : text),
      styleSubcommandText: (text) => (text === '[command]' ? help.command : text),
    });
}

/** Columns from which on descriptions stand beside what they describe, and the least that one is broken into. */
const HELP_BELOW = 60;
const HELP_BESIDE_MIN = 20;

/** Help for a narrow screen: descriptions below what they describe. */
function belowEachOther(width: number) {
  return {
    formatItem: (term: string, _: number, description: string) =>
      [`  ${term}`, ...(description === '' ? [] : wrapped(`      ${description}`, width))].join('\n'),
    styleUsage: (text: string) => `\n${wrapped(`  ${text}`, width).join('\n')}`,
  };
}

/** What is named twice is wanted once. */
function list(words: string): readonly string[] {
  const named = words.split(',').map((word) => word.trim());
  return [...new Set(named.filter((word) => word !== ''))];
}

/** @param example of what to write where nothing was named */
function some(option: string, words: string, example: string, { usage }: Session['texts']): readonly string[] {
  const named = list(words);
  if (named.length === 0) throw new UsageError(usage.noneNamed(option, example));
  return named;
}

function someSymbols({ texts }: Session): (words: string) => readonly string[] {
  return (words) => some('--symbols', words, 'BTC-USDT-SWAP,ETH-USDT-SWAP', texts);
}

function more(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

function partialMin({ texts }: Session): (word: string) => string {
  return (word) => {
    if (word !== 'by_balance') amount('--partial-min', texts)(word);
    return word;
  };
}

function governors({ texts }: Session): (words: string) => readonly (typeof GOVERNORS)[number][] {
  return (words) =>
    words === 'none'
      ? []
      : some('--governors', words, 'size_by_day,pause', texts).map(oneOf('--governors', GOVERNORS, texts));
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
