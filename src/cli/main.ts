/** The command line: one command, run. Which commands there are: commands.ts. Exit codes: shell/failure.ts. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Command, CommanderError, Option } from 'commander';
import { nearest } from '../config/reading/nearest.ts';
import { wrapped } from '../report/drawing/width.ts';
import { addCommands } from './commands.ts';
import { EXIT, tellFailure } from './shell/failure.ts';
import { version } from './shell/release.ts';
import { language, type Session, sessionOf } from './shell/session.ts';
import { ownTerminal, type Terminal } from './shell/terminal.ts';

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
  const program = programOf(session);
  addCommands(program, session, (code) => {
    exitCode = code;
  });
  const asksNothing = argv.every(
    (word) => word.startsWith('--lang') || word === '--no-color' || word === session.language,
  );
  await program.parseAsync(asksNothing ? [...argv, '--help'] : helpAsked(program, argv), { from: 'user' });
  return exitCode;
}

/**
 * `help data import` as `data import --help`: Commander's own `help` knows no command within another, and either shows the help of everything for a
 * command that it does not know. @throws {CommanderError} of such a one
 */
function helpAsked(program: Command, argv: readonly string[]): string[] {
  const [first, ...rest] = argv.filter((word, at) => !word.startsWith('-') && argv[at - 1] !== '--lang');
  const isHelp = first === 'help';
  if (!isHelp && !argv.includes('--help') && !argv.includes('-h')) return [...argv];
  refuseUnknown(program, isHelp || first === undefined ? rest : [first, ...rest]);
  return isHelp ? [...argv.filter((_, at) => at !== argv.indexOf('help')), '--help'] : [...argv];
}

function refuseUnknown({ commands }: Command, [word, ...inner]: readonly string[]): void {
  if (word === undefined || word === 'help' || commands.length === 0) return;
  const named = commands.find((command) => command.name() === word);
  if (named !== undefined) return refuseUnknown(named, inner);
  const near = nearest(
    word,
    commands.map((command) => command.name()),
  );
  const meant = near === undefined ? '' : ` (Did you mean ${near}?)`;
  throw new CommanderError(EXIT.usage, 'commander.unknownCommand', `unknown command '${word}'${meant}`);
}

/** The program without its commands: language, help, and errors that are thrown instead of printed. */
function programOf({ texts, terminal, palette, isColoured, width }: Session): Command {
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

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
