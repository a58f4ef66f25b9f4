/** The command line's table of contents: every command with its words and options. Holds no decision; the code of a command is loaded when it runs. */
import { type Command, CommanderError } from 'commander';
import { type Decimal, formatDecimal } from '../core/numbers/decimal.ts';
import type { BacktestOptions } from './backtest/backtest.ts';
import type { DoctorOptions } from './bot/doctor.ts';
import type { LiveOptions } from './bot/live.ts';
import type { PaperOptions } from './bot/paper.ts';
import type { CheckOptions } from './configure/check.ts';
import type { InitOptions } from './configure/init.ts';
import { GOVERNORS, PRESETS } from './configure/init-answers.ts';
import type { PlanOptions } from './configure/plan.ts';
import type { DataDownloadOptions } from './data/data-download.ts';
import type { DataImportOptions } from './data/data-import.ts';
import type { DemoOptions } from './demo/demo.ts';
import type { ExchangeOptions } from './exchange/exchange.ts';
import {
  amount,
  DEFAULT_SEED,
  duration,
  fees,
  names,
  notNegative,
  oneOf,
  positive,
  positivePercent,
  repeated,
  seed,
  signedPercent,
  wholeBetween,
  wholeNumber,
} from './input/option-values.ts';
import type { BackupOptions } from './operate/backup.ts';
import type { BotCommand, CommandOptions } from './operate/command-bot.ts';
import type { ExplainOptions } from './operate/explain.ts';
import type { ReplayOptions } from './operate/replay.ts';
import type { ReportOptions } from './operate/report.ts';
import { EXIT } from './shell/failure.ts';
import type { Session } from './shell/session.ts';
import { isFolder } from './shell/terminal.ts';
import { UsageError } from './shell/usage-error.ts';

/** Hears the exit code of the command that ran. */
type Done = (exitCode: number) => void;

interface Json {
  readonly json?: boolean;
}

/** Gives `program` every command. Help lists them in this order. */
export function addCommands(program: Command, session: Session, done: Done): void {
  addConfigure(program, session, done);
  addDecide(program, session, done);
  addData(program, session, done);
  addBacktest(program, session, done);
  addExchange(program, session, done);
  addDemo(program, session, done);
  addBots(program, session, done);
  addOperate(program, session, done);
  addJournal(program, session, done);
  refuseSwallowed(program);
}

/** A configuration: written, looked at, planned with. */
function addConfigure(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  program
    .command('init')
    .description(texts.init.summary)
    .argument('[FILE]', texts.init.file)
    .option('--symbols <LIST>', texts.init.symbols, symbolList(session))
    .option('--balance <USDT>', texts.init.balance, amount('--balance', texts))
    .option('--preset <NAME>', texts.options.preset, oneOf('--preset', PRESETS, texts))
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
    .argument('[FILE]', texts.options.config)
    .option('--instrument <FILE>', texts.options.instruments, repeated)
    .option('--json', texts.options.json)
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
    .option('--seed <NUMBER>', texts.planRisk.seed, seed(texts))
    .option('--days <NUMBER>', texts.planRisk.days, wholeBetween('--days', 1, 365, texts))
    .option('--price <USDT>', texts.plan.price, positive('--price', texts))
    .option('--balance <USDT>', texts.plan.balance, amount('--balance', texts))
    .option('--side <SIDE>', texts.plan.side, oneOf('--side', ['long', 'short'], texts))
    .option('--regime <REGIME>', texts.plan.regime, oneOf('--regime', ['trending', 'ranging', 'choppy'], texts))
    .option('--stop <PERCENT>', texts.plan.stop, positivePercent('--stop', texts))
    .option('--shock <ATR>', texts.planBook.shock, positive('--shock', texts))
    .option('--config <FILE>', texts.options.configOrDefaults)
    .option('--instrument <FILE>', texts.options.instruments, repeated)
    .option('--json', texts.options.json)
    .action(async (symbols: readonly string[], options: PlanOptions) => {
      const { plan } = await import('./configure/plan.ts');
      done(await plan(session, symbols, options));
    });
}

/** Verdicts without a market. */
function addDecide(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  program
    .command('decide')
    .description(texts.decide.summary)
    .action(async () => {
      const { decideLines } = await import('./decide/decide.ts');
      const { input, output } = session.terminal;
      if (isFolder(input)) throw new UsageError(texts.decide.folder);
      if (input.isTTY === true) session.tell(texts.decide.waiting);
      done(await decideLines(input, output, session.language));
    });
}

/** Candles of the past. */
function addData(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  const data = program.command('data').description(texts.data.summary);
  data
    .command('import')
    .description(texts.data.importSummary)
    .argument('<FILE>', texts.data.importFile)
    .requiredOption('--symbol <SYMBOL>', texts.data.symbol)
    .option('--instrument <FILE>', texts.data.instrument)
    .option('--volume <UNIT>', texts.data.volume, oneOf('--volume', ['coins', 'contracts'], texts))
    .option('--mend', texts.data.mend)
    .option('--json', texts.options.json)
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
    .option('--json', texts.options.json)
    .action(async (symbols: readonly string[], options: DataDownloadOptions) => {
      const { dataDownload } = await import('./data/data-download.ts');
      done(await dataDownload(session, symbols, options));
    });
  data
    .command('list')
    .description(texts.data.listSummary)
    .option('--json', texts.options.json)
    .action(async (options: Json) => {
      const { dataList } = await import('./data/data-list.ts');
      done(dataList(session, options));
    });
  data
    .command('verify')
    .description(texts.data.verifySummary)
    .argument('[SYMBOLS...]', texts.data.verifySymbols)
    .option('--json', texts.options.json)
    .action(async (symbols: readonly string[], options: Json) => {
      const { dataVerify } = await import('./data/data-verify.ts');
      done(dataVerify(session, symbols, options));
    });
}

/** The bot in the past. */
function addBacktest(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  program
    .command('backtest')
    .description(texts.backtest.summary)
    .option('--candles <[SYMBOL=]FILE>', texts.backtest.candlesOption, repeated)
    .option('--symbol <SYMBOL>', texts.backtest.symbol, repeated)
    .option('--balance <USDT>', texts.run.balance, amount('--balance', texts))
    .option('--config <FILE>', texts.options.configOrDefaults)
    .option('--preset <NAME>', texts.options.preset, oneOf('--preset', PRESETS, texts))
    .option('--fees <MAKER/TAKER>', texts.backtest.fees, fees('--fees', texts))
    .option('--spread <TICKS>', texts.backtest.spread, wholeNumber('--spread', texts))
    .option('--slippage <BPS>', texts.backtest.slippage, notNegative('--slippage', texts))
    .option('--funding <PERCENT>', texts.backtest.funding, signedPercent('--funding', texts))
    .option('--signals <FILE>', texts.backtest.signals)
    .option('--instrument <FILE>', texts.options.instruments, repeated)
    .option('--mend', texts.backtest.mend)
    .option('--decisions <FILE>', texts.backtest.decisions)
    .option('--json', texts.options.json)
    .action(async (options: BacktestOptions) => {
      const { backtest } = await import('./backtest/backtest.ts');
      done(await backtest(session, options));
    });
}

/** An exchange for bots. */
function addExchange(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  program
    .command('exchange')
    .description(texts.exchange.summary)
    .option('--port <NUMBER>', texts.exchange.port, wholeBetween('--port', 0, 65_535, texts), 8780)
    .option('--market <WORDS...>', texts.exchange.market, ['generated'])
    .option('--symbol <SYMBOL>', texts.exchange.symbol)
    .option('--symbols <LIST>', texts.exchange.symbols, symbolList(session))
    .option('--host <URL>', texts.exchange.host)
    .option('--ws <URL>', texts.exchange.ws)
    .option('--seed <NUMBER>', texts.exchange.seed, seed(texts))
    .option('--speed <FACTOR>', texts.exchange.speed, wholeBetween('--speed', 1, 100_000, texts), 1)
    .option('--account <KEYS>', texts.exchange.account, repeated)
    .option('--state <FILE>', texts.exchange.state)
    .option('--admin', texts.exchange.admin)
    .option('--no-limits', texts.exchange.noLimits)
    .action(async (options: ExchangeOptions) => {
      const { exchange } = await import('./exchange/exchange.ts');
      done(await exchange(session, options));
    });
}

/** The bot on a made-up market. */
function addDemo(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  program
    .command('demo')
    .description(texts.demo.summary)
    .option('--for <TIME>', texts.demo.for, duration('--for', texts))
    .option('--speed <FACTOR>', texts.demo.speed, wholeBetween('--speed', 1, 1_000_000, texts), 300)
    .option('--seed <NUMBER>', texts.demo.seed, seed(texts), DEFAULT_SEED)
    .option('--symbols <LIST>', texts.demo.symbols, symbolList(session))
    .option('--balance <USDT>', texts.run.balance, amount('--balance', texts))
    .option('--config <FILE>', texts.options.configOrDefaults)
    .option('--preset <NAME>', texts.options.preset, oneOf('--preset', PRESETS, texts))
    .option('--json', texts.options.jsonLines)
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./demo/demo.ts');
      done(await demo(session, options));
    });
}

/** The bot at an exchange. */
function addBots(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  program
    .command('paper')
    .description(texts.bots.paperSummary)
    .option('--config <FILE>', texts.options.configOrDefaults)
    .option('--exchange <URL>', texts.bots.exchange)
    .option('--keys <FILE>', texts.bots.keys)
    .option('--seed <NUMBER>', texts.bots.seed, seed(texts))
    .option('--for <TIME>', texts.bots.for, duration('--for', texts))
    .option('--json', texts.options.jsonLines)
    .action(async (options: PaperOptions) => {
      const { paper } = await import('./bot/paper.ts');
      done(await paper(session, options));
    });

  program
    .command('live')
    .description(texts.bots.liveSummary)
    .option('--demo', texts.bots.demo)
    .option('--real', texts.bots.real)
    .option('--confirm <UID>', texts.bots.confirm)
    .option('--config <FILE>', texts.options.config)
    .option('--keys <FILE>', texts.bots.keys)
    .option('--host <URL>', texts.bots.host)
    .option('--ws <URL>', texts.bots.ws)
    .option('--for <TIME>', texts.bots.for, duration('--for', texts))
    .option('--json', texts.options.jsonLines)
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
    .option('--config <FILE>', texts.options.configOrDefaults)
    .option('--keys <FILE>', texts.bots.keys)
    .option('--host <URL>', texts.bots.host)
    .option('--json', texts.options.json)
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('./bot/doctor.ts');
      done(await doctor(session, options));
    });
}

/** For who looks after a running bot. */
function addOperate(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  const { operate } = texts;
  ofBot(program, session, 'status', operate.statusSummary).action(async (options: CommandOptions) => {
    const { status } = await import('./operate/status.ts');
    done(await status(session, options));
  });
  const tell = async (asked: BotCommand, options: CommandOptions) => {
    const { commandBot } = await import('./operate/command-bot.ts');
    done(await commandBot(session, asked, options));
  };
  ofBot(program, session, 'pause', operate.pauseSummary).action((options: CommandOptions) =>
    tell({ do: 'pause' }, options),
  );
  ofBot(program, session, 'resume', operate.resumeSummary).action((options: CommandOptions) =>
    tell({ do: 'resume' }, options),
  );
  ofBot(program, session, 'flatten', operate.flattenSummary)
    .argument('[SYMBOL]', operate.flattenSymbol)
    .action((instId: string | undefined, options: CommandOptions) =>
      tell({ do: 'flatten', ...(instId === undefined ? {} : { instId }) }, options),
    );
  ofBot(program, session, 'base', operate.baseSummary)
    .argument('<SYMBOL>', operate.baseSymbol)
    .argument('[USDT]', operate.baseUsdt, amount('USDT', texts))
    .action((instId: string, usdt: Decimal | undefined, options: CommandOptions) =>
      tell({ do: 'base', instId, ...(usdt === undefined ? {} : { usdt: formatDecimal(usdt) }) }, options),
    );
}

/** A bot's journal, whether it runs or not. */
function addJournal(program: Command, session: Session, done: Done): void {
  const { texts } = session;
  const { operate } = texts;
  ofBot(program, session, 'explain', operate.explainSummary)
    .argument('[ORDER]', operate.explainOrder)
    .option('--last-refusal <SYMBOL>', operate.lastRefusal)
    .option('--governed [SYMBOL]', operate.governedChanges)
    .action(async (order: string | undefined, options: ExplainOptions) => {
      const { explain } = await import('./operate/explain.ts');
      done(explain(session, order, options));
    });
  ofBot(program, session, 'report', operate.reportSummary)
    .option('--from <TIME>', operate.reportFrom)
    .option('--to <TIME>', operate.reportTo)
    .action(async (options: ReportOptions) => {
      const { reportJournal } = await import('./operate/report.ts');
      done(reportJournal(session, options));
    });
  program
    .command('replay')
    .description(operate.replaySummary)
    .argument('<JOURNAL>', operate.replayJournal)
    .option('--config <FILE>', operate.replayConfig)
    .option('--json', texts.options.json)
    .action(async (path: string, options: ReplayOptions) => {
      const { replay } = await import('./operate/replay.ts');
      done(replay(session, path, options));
    });
  ofBot(program, session, 'backup', operate.backupSummary)
    .argument('[FOLDER]', operate.backupFolder)
    .action(async (folder: string | undefined, options: BackupOptions) => {
      const { backUp } = await import('./operate/backup.ts');
      done(backUp(session, folder, options));
    });
  program
    .command('recover')
    .description(operate.recoverSummary)
    .argument('<JOURNAL>', operate.replayJournal)
    .option('--json', texts.options.json)
    .action(async (path: string, options: Json) => {
      const { recoverJournal } = await import('./operate/recover.ts');
      done(recoverJournal(session, path, options));
    });
}

/** A command about one bot, named by its account or its journal. */
function ofBot(program: Command, { texts }: Session, name: string, summary: string): Command {
  return program
    .command(name)
    .description(summary)
    .option('--account <NAME>', texts.operate.account)
    .option('--journal <FILE>', texts.operate.journal)
    .option('--json', texts.options.json);
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

function symbolList({ texts }: Session): (words: string) => readonly string[] {
  return names('--symbols', 'BTC-USDT-SWAP,ETH-USDT-SWAP', texts);
}

function partialMin({ texts }: Session): (word: string) => string {
  return (word) => {
    if (word !== 'by_balance') amount('--partial-min', texts)(word);
    return word;
  };
}

function governors({ texts }: Session): (words: string) => readonly (typeof GOVERNORS)[number][] {
  const named = names('--governors', 'size_by_day,pause', texts);
  return (words) => (words === 'none' ? [] : named(words).map(oneOf('--governors', GOVERNORS, texts)));
}
