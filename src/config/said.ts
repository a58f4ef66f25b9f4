/** The words of everything that can be wrong or odd about a configuration, fact and advice, in English and Russian. */

import type { Words } from './keys/words.ts';
import type { InBoth, Said } from './problem.ts';

const both = (en: Said, ru: Said): InBoth => ({ en, ru });

/** Of `{balance: 1,5}` the comma parts 5 from its number. */
const isDigits = (written: string | undefined) => /^\d+$/.test(written ?? '');

const LINE_ABOVE = {
  en: 'Look at the line above too: often a colon, a bracket, a quote or an indent is missing',
  ru: 'Посмотрите и строку выше: часто не хватает двоеточия, скобки, кавычки или отступа',
};

/** Where the text stops being YAML, and why. */
export const SYNTAX_SAID = {
  quote: both(
    ['a closing quote is missing', 'Close the one that is opened here'],
    ['нет закрывающей кавычки', 'Закройте ту, что открыта здесь'],
  ),
  bracket: (close: string) =>
    both(
      [`a closing ${close} is missing`, 'Close what is opened here; the lines within stand further in'],
      [`нет закрывающей ${close}`, 'Закройте открытую здесь; строки внутри сдвиньте правее'],
    ),
  comma: both(
    ['a comma is missing within the brackets', 'Put a comma between the items: [1, 0.7] or {a: 1, b: 2}'],
    ['в скобках не хватает запятой', 'Разделите запятыми: [1, 0.7] или {a: 1, b: 2}'],
  ),
  space: both(
    ['a space is missing after a colon', 'Write it like "key: value"'],
    ['после двоеточия нет пробела', 'Пишите так: «ключ: значение»'],
  ),
  comment: both(
    ['a comment needs a space before its "#"', 'Put a space there, or quotes around the value'],
    ['перед комментарием «#» нужен пробел', 'Поставьте пробел или возьмите значение в кавычки'],
  ),
  colon: both(
    ['this is no "key: value": a colon is missing', 'Write a colon and a space after the key'],
    ['это не «ключ: значение»: не хватает двоеточия', 'Поставьте после ключа двоеточие и пробел'],
  ),
  twoColons: both(
    [
      'a key stands where a value should',
      'One key a line: those of a section begin on the line below its name, two spaces further in',
    ],
    [
      'на месте значения стоит ещё один ключ',
      'По ключу на строку: ключи раздела начинаются под его именем, на два пробела правее',
    ],
  ),
  indent: both(
    [
      'the indentation does not fit the lines around it',
      'Keys of one section begin in the same column, two spaces further in than its name',
    ],
    [
      'отступ не такой, как у соседних строк',
      'Ключи одного раздела начинаются в одном столбце, на два пробела правее его имени',
    ],
  ),
  dash: both(
    [
      'an item of a list ("- …") stands where it cannot begin',
      'Items begin on the lines below their key; a minus stands right before its number, like -2',
    ],
    [
      'элемент списка («- …») стоит там, где начаться не может',
      'Элементы начинаются на строках под ключом; минус пишется вплотную к числу: -2',
    ],
  ),
  firstLetter: both(
    ['a value cannot begin with this character', 'Put the value in quotes'],
    ['значение не может начинаться с этого знака', 'Возьмите значение в кавычки'],
  ),
  escape: both(
    ['a backslash within double quotes is not one that YAML knows', 'Use single quotes'],
    ['обратная черта в двойных кавычках: такого знака YAML не знает', 'Возьмите одинарные кавычки'],
  ),
  unexpected: both(
    ['something stands here that does not belong', LINE_ABOVE.en],
    ['здесь стоит лишнее', LINE_ABOVE.ru],
  ),
  other: both(['this is no YAML', LINE_ABOVE.en], ['это не YAML', LINE_ABOVE.ru]),
};

/** The same, with its column, from 1. */
export function inColumn({ en, ru }: InBoth, column: number): InBoth {
  return both([`${en[0]} (column ${column})`, en[1]], [`${ru[0]} (столбец ${column})`, ru[1]]);
}

/** Of the text, before it is a tree. */
export const YAML_SAID = {
  empty: both(
    ['the file is empty', 'Write one with "rungwise init"'],
    ['файл пуст', 'Создайте его командой «rungwise init»'],
  ),
  tooLong: (letters: number, most: number) =>
    both(
      [`the file has ${letters} letters, more than ${most}`, 'Give the configuration, not a data file'],
      [`в файле ${letters} знаков, больше ${most}`, 'Укажите конфигурацию, а не файл данных'],
    ),
  notText: both(
    ['the file is not UTF-8 text', 'Save it as UTF-8, or give the right file'],
    ['файл — не текст UTF-8', 'Сохраните его в UTF-8 или укажите нужный файл'],
  ),
  tab: both(
    ['a tab is used as indentation', 'Indent with spaces, two a level'],
    ['отступ сделан табуляцией', 'Делайте отступы пробелами, по два на уровень'],
  ),
  secondDocument: both(
    ['a second document begins here ("---")', 'Keep one document a file'],
    ['здесь начинается второй документ («---»)', 'Оставьте в файле один документ'],
  ),
  version: (version: string) =>
    both(
      [`the file says that it is YAML ${version} ("%YAML")`, 'Remove that line: it is read as YAML 1.2'],
      [`в файле сказано, что это YAML ${version} («%YAML»)`, 'Уберите эту строку: он читается как YAML 1.2'],
    ),
  tag: both(
    ['YAML tags ("!…") are not supported', 'Write the plain value'],
    ['теги YAML («!…») не поддерживаются', 'Напишите само значение'],
  ),
  tooDeep: (levels: number) =>
    both(
      [`sections are nested more than ${levels} levels deep`, 'Check brackets and indentation'],
      [`разделы вложены глубже ${levels} уровней`, 'Проверьте скобки и отступы'],
    ),
  bomb: (values: number) =>
    both(
      [`aliases unfold to more than ${values} values`, 'Write the values out'],
      [`ссылки разворачиваются больше чем в ${values} значений`, 'Напишите сами значения'],
    ),
  alias: (name: string) =>
    both(
      [`the alias *${name} names nothing above it`, 'Write the value out'],
      [`ссылка *${name} ни на что выше не указывает`, 'Напишите само значение'],
    ),
  noName: (written: string | undefined) =>
    both(
      [
        `${written === undefined ? 'a list or section' : `"${written}"`} is not the name of a key`,
        `A key is a word before a colon${isDigits(written) ? '; a fraction has a point, like 2.5' : ''}`,
      ],
      [
        `${written === undefined ? 'список или раздел' : `«${written}»`} — не имя ключа`,
        `Ключ — это слово перед двоеточием${isDigits(written) ? '; дробную часть отделяет точка: 2.5' : ''}`,
      ],
    ),
  keyTwice: (line: number | undefined) =>
    both(
      [`stands in its section twice, first in line ${line}`, 'Keep one of them'],
      [`стоит в разделе дважды, впервые в строке ${line}`, 'Оставьте один'],
    ),
  sectionAgain: (line: number | undefined) =>
    both(
      [`goes on here, having begun in line ${line}: both parts hold`, 'To keep it in one place, move this part there'],
      [
        `продолжается здесь, а начат в строке ${line}: действуют обе части`,
        'Чтобы всё было вместе, перенесите эту туда',
      ],
    ),
  notPlain: (source: string) =>
    both(
      [`${source} is not a plain decimal number`, 'Write it like 0.05 or 5'],
      [`${source} — не обычное десятичное число`, 'Пишите так: 0.05 или 5'],
    ),
  manyDigits: (source: string) =>
    both(
      [`the number ${source} has more than 15 digits`, 'Put it in quotes to keep them all'],
      [`в числе ${source} больше 15 цифр`, 'Возьмите его в кавычки, чтобы сохранить все'],
    ),
};

/** Of one key and its value. */
export const VALUE_SAID = {
  notSections: ({ en, ru }: Words) =>
    both(
      [`the configuration is ${en}, not sections with their keys`, 'Begin with a key like "symbols:"'],
      [`вместо разделов с ключами здесь ${ru}`, 'Начните с ключа, например «symbols:»'],
    ),
  noValue: (expects: Words) =>
    both(
      ['has no value', `Give it ${expects.en}, or remove the key`],
      ['не имеет значения', `Нужно: ${expects.ru}; или уберите ключ`],
    ),
  missing: (expects: Words) => both(['is missing', `Give it ${expects.en}`], ['не хватает', `Нужно: ${expects.ru}`]),
  wrong: (value: Words, expects: Words, why: Words | undefined, hint: Words) =>
    both(
      [`${value.en} is not ${expects.en}${why === undefined ? '' : `: ${why.en}`}`, hint.en],
      [`${value.ru} не подходит; нужно: ${expects.ru}${why === undefined ? '' : ` (${why.ru})`}`, hint.ru],
    ),
  unsupported: (reason: Words) =>
    both([`is not supported: ${reason.en}`, 'Remove the key'], [`не поддерживается: ${reason.ru}`, 'Уберите ключ']),
  unknownKey: (hint: Words) => both(['is not a key of the configuration', hint.en], ['нет такого ключа', hint.ru]),
  wrongSymbol: (value: Words, hint: Words | undefined) =>
    both(
      [`${value.en} is not a USDT perpetual swap by OKX's name`, hint?.en ?? 'Write it like BTC-USDT-SWAP'],
      [`${value.ru} — не имя бессрочного свопа USDT на OKX`, hint?.ru ?? 'Пишите так: BTC-USDT-SWAP'],
    ),
  notPlainData: both(
    ['the configuration is not plain data', 'Give what JSON can say'],
    ['конфигурация — не простые данные', 'Задайте то, что можно сказать в JSON'],
  ),
};

/** What to write instead. */
export const HINTS = {
  meant: (word: string) => ({ en: `Did you mean "${word}"?`, ru: `Может быть, «${word}»?` }),
  likeThat: {
    en: 'Write it like that, or remove the key to get the default',
    ru: 'Напишите так или уберите ключ, и будет значение по умолчанию',
  },
  lossIsNegative: {
    en: 'A loss is negative: write -1.5. To add only in profit use min_profit_for_addition',
    ru: 'Убыток отрицателен: пишите -1.5. Чтобы добавлять только в прибыли, есть min_profit_for_addition',
  },
  likeLoss: { en: 'Write it like -1.5 or "-1.5%"', ru: 'Пишите так: -1.5 или "-1.5%"' },
  plainMinus: {
    en: 'Its minus is a typographic one: type the plain "-"',
    ru: 'Минус здесь типографский: наберите обычный «-»',
  },
  pointOnly: {
    en: 'Decimals take a point, thousands nothing at all: 1000.5',
    ru: 'Дробную часть отделяет точка, тысячи не отделяет ничего: 1000.5',
  },
  zeroStep: {
    en: 'Decimals take a point: [1, 0.7, 0.5]; with a comma 0,7 is two steps',
    ru: 'Дробную часть отделяет точка: [1, 0.7, 0.5]; с запятой 0,7 — это две ступени',
  },
  dashAndSpace: (item: string) => ({
    en: `Put a space after each dash: "- ${item}"`,
    ru: `Поставьте пробел после каждого дефиса: «- ${item}»`,
  }),
  noDashes: {
    en: 'Write its keys without dashes: "key: value", indented below it',
    ru: 'Пишите ключи без дефисов: «ключ: значение» под ним, с отступом',
  },
  colonAndSpace: (written: string, hasColon: boolean) =>
    hasColon
      ? { en: `Put a space after the colon: "${written}"`, ru: `Поставьте пробел после двоеточия: «${written}»` }
      : { en: `Write a colon, not "=": "${written}"`, ru: `Вместо «=» нужно двоеточие: «${written}»` },
  nested: (written: string) => ({
    en: `Keys are nested, not dotted: "${written}"`,
    ru: `Ключи вкладывают друг в друга, а не пишут через точку: «${written}»`,
  }),
  writeOut: {
    en: 'Keys are not merged in: write them out, or give a whole section by its alias',
    ru: 'Ключи так не подставляются: напишите их или дайте ссылкой весь раздел',
  },
  plainSpaces: (points: string) => ({
    en: `Indent with ordinary spaces: these are of another kind (${points})`,
    ru: `Делайте отступы обычными пробелами: здесь другие (${points})`,
  }),
  unseen: (points: string) => ({
    en: `A character in it cannot be seen, or is no ordinary space (${points}): type it anew`,
    ru: `В нём есть невидимый знак или необычный пробел (${points}): наберите заново`,
  }),
  cyrillic: (letters: string) => ({
    en: `Type it in Latin letters: "${letters}" is Cyrillic here`,
    ru: `Наберите латиницей: «${letters}» здесь кириллица`,
  }),
  withoutSign: {
    en: 'Write the size of the loss without a sign: 5',
    ru: 'Пишите размер убытка без знака: 5',
  },
  belongsTo: (places: string) => ({ en: `It belongs to ${places}`, ru: `Его место: ${places}` }),
  meantThere: (places: string) => ({ en: `Did you mean ${places}?`, ru: `Может быть, ${places}?` }),
  itsKeys: (keys: string) => ({ en: `Its keys: ${keys}`, ru: `Его ключи: ${keys}` }),
  inQuotes: {
    en: 'Put it in quotes: without them it is no text',
    ru: 'Возьмите в кавычки: без них это не текст',
  },
  removeKey: { en: 'Remove the key', ru: 'Уберите ключ' },
  knownHere: (keys: string) => ({ en: `Known here: ${keys}`, ru: `Здесь известны: ${keys}` }),
  writeIt: (en: string, ru: string) => ({ en: `Write it ${en}`, ru: `Пишите ${ru}` }),
};

/** Between values that are each right alone. Amounts come as plain decimal texts. */
export const CROSS_SAID = {
  symbolTwice: (symbol: string) =>
    both(
      [`${symbol} stands in the list twice`, 'Keep one of them'],
      [`${symbol} стоит в списке дважды`, 'Оставьте один'],
    ),
  symbolNotTraded: (symbol: string) =>
    both(
      ['is not among the symbols that are traded', `Add ${symbol} to "symbols", or remove it here`],
      ['нет среди инструментов, которыми торгуют', `Добавьте ${symbol} в «symbols» или уберите здесь`],
    ),
  growingLadder: (step: number) =>
    both(
      [
        `step ${step} of the ladder is larger than the one before`,
        'A ladder that grows puts the most money in the deepest rung',
      ],
      [
        `ступень ${step} лестницы больше предыдущей`,
        'Растущая лестница вкладывает больше всего в самую глубокую ступень',
      ],
    ),
  longLadder: (steps: number, additions: string) =>
    both(
      [`has ${steps} steps, but at most ${additions} additions are made`, 'Raise max_additions or shorten the ladder'],
      [`ступеней ${steps}, а добавлений не больше ${additions}`, 'Увеличьте max_additions или укоротите лестницу'],
    ),
  shadowedByProfiles: (key: string) =>
    both(
      [`is shadowed: every profile has its own ${key}`, `Change it in by_balance, or write ${key}: general there`],
      [
        `не действует (shadowed): у каждого профиля свой ${key}`,
        `Измените его в by_balance или напишите там ${key}: general`,
      ],
    ),
  shadowedBySymbols: (key: string) =>
    both(
      [
        `is shadowed: every symbol that is traded has its own ${key}`,
        `Change it in by_symbol, or write ${key}: general there`,
      ],
      [
        `не действует (shadowed): у каждого инструмента, которым торгуют, свой ${key}`,
        `Измените его в by_symbol или напишите там ${key}: general`,
      ],
    ),
  shadowedMultiplier: (profile: string) =>
    both(
      [
        'is shadowed: a profile with a ladder of its own has the multiplier 1',
        `Put it into the steps of by_balance.${profile}.ladder`,
      ],
      [
        'не действует (shadowed): у профиля со своей лестницей множитель 1',
        `Внесите его в ступени by_balance.${profile}.ladder`,
      ],
    ),
  shadowedLossLimit: (rule: string) =>
    both(
      ['is shadowed: the limit of every regime holds instead', `Change by_regime, or loss_limit_rule (now "${rule}")`],
      [
        'не действует (shadowed): вместо него пределы всех режимов рынка',
        `Измените by_regime или loss_limit_rule (сейчас «${rule}»)`,
      ],
    ),
  shadowedRegimeLimit: (deepest: string) =>
    both(
      [
        `is shadowed: no profile or symbol allows a loss below ${deepest} %, and the stricter limit holds`,
        'Lower max_loss_for_addition (or that of by_balance) too, or write loss_limit_rule: regime',
      ],
      [
        `не действует (shadowed): ни профиль, ни инструмент не допускает убытка ниже ${deepest} %, а верен более строгий предел`,
        'Понизьте и max_loss_for_addition (или то, что в by_balance) либо напишите loss_limit_rule: regime',
      ],
    ),
  shadowedProfit: (limit: string) =>
    both(
      [
        `is shadowed: max_loss_for_addition refuses below ${limit} % anyway`,
        'Raise it above that (to 0 to add in profit only), or write off',
      ],
      [
        `не действует (shadowed): ниже ${limit} % отклоняет уже max_loss_for_addition`,
        'Поднимите его выше (до 0, чтобы добавлять только в прибыли) или напишите off',
      ],
    ),
  farProfit: (least: string, move: string) =>
    both(
      [
        `is ${least} %: nothing is added before the price has gone ${move} % in the position's favour`,
        'It counts in per cent of margin (of price with loss_basis: price): write it like 1.5',
      ],
      [
        `равно ${least} %: добавлений не будет, пока цена не пройдёт ${move} % в сторону позиции`,
        'Это проценты маржи (цены, если loss_basis: price): пишите так: 1.5',
      ],
    ),
  shadowedAdditions: (most: string) =>
    both(
      [
        `is shadowed: no profile allows more than ${most} additions, and the smaller number holds`,
        'Raise max_additions (or that of by_balance) too',
      ],
      [
        `не действует (shadowed): ни один профиль не допускает больше ${most} добавлений, а верно меньшее число`,
        'Увеличьте и max_additions (или то, что в by_balance)',
      ],
    ),
  coldStart: (needed: number, begun: number) =>
    both(
      [
        `indicators need ${needed} h of candles, and the bot begins with ${begun} h: until then it opens nothing`,
        'Shorten timeframes or signal periods, or give it that time',
      ],
      [
        `индикаторам нужны свечи за ${needed} ч, а бот начинает со свечей за ${begun} ч: до тех пор он ничего не открывает`,
        'Сократите timeframes или периоды в signals либо дайте ему это время',
      ],
    ),
  thresholds: (medium: string, small: string) =>
    both(
      [`${medium} USDT is not above the ${small} USDT of small: no balance is medium`, 'Thresholds must ascend'],
      [`${medium} USDT не выше ${small} USDT у small: ни один баланс не средний`, 'Пороги должны возрастать'],
    ),
  nothingOpens: (least: string, most: string) =>
    both(
      [
        `${least} USDT is above max_position_value, ${most} USDT: nothing could be opened`,
        'The minimum must not be above the maximum',
      ],
      [
        `${least} USDT больше max_position_value, ${most} USDT: ничего нельзя открыть`,
        'Минимум не должен быть больше максимума',
      ],
    ),
  nothingAdds: (least: string, profile: string, most: string) =>
    both(
      [
        `${least} USDT is above profiles.${profile}.max_position_value, ${most} USDT: nothing could be added`,
        'The minimum must not be above the maximum',
      ],
      [
        `${least} USDT больше profiles.${profile}.max_position_value, ${most} USDT: ничего нельзя добавить`,
        'Минимум не должен быть больше максимума',
      ],
    ),
  neverAdds: both(
    [
      'is 1 while additions_at_position_limit is "refuse": the ladder could never add',
      'Write additions_at_position_limit: allow, or a limit of 2 or more',
    ],
    [
      'равно 1, а additions_at_position_limit — «refuse»: лестница никогда не добавит',
      'Напишите additions_at_position_limit: allow или предел от 2',
    ],
  ),
  baseTooSmall: (base: string, least: string) =>
    both(
      [
        `${base} USDT is below min_position_value, ${least} USDT: every entry would be refused`,
        'Raise the base or lower the minimum',
      ],
      [
        `${base} USDT меньше min_position_value, ${least} USDT: каждый вход получит отказ`,
        'Увеличьте базу или уменьшите минимум',
      ],
    ),
  baseTooLarge: (base: string, most: string) =>
    both(
      [
        `${base} USDT is above max_position_value, ${most} USDT: every entry would be refused`,
        'Lower the base or raise the maximum',
      ],
      [
        `${base} USDT больше max_position_value, ${most} USDT: каждый вход получит отказ`,
        'Уменьшите базу или увеличьте максимум',
      ],
    ),
  ladderTooLarge: (regime: string, whole: string, most: string) =>
    both(
      [
        `a fully climbed ladder would be worth ${whole} USDT in ${regime}, above max_position_value, ${most} USDT: its last rungs cannot fit there`,
        'Lower the base, or write base_size: auto',
      ],
      [
        `в режиме ${regime} пройденная лестница стоила бы ${whole} USDT, больше max_position_value, ${most} USDT: последние ступени там не поместятся`,
        'Уменьшите базу или напишите base_size: auto',
      ],
    ),
  noMargin: (profile: string, percent: string, points: string, regime: string) =>
    both(
      [
        `leaves the profile ${profile} no margin: ${percent} % ${points} points`,
        `In ${regime} nothing will be opened or added`,
      ],
      [
        `не оставляет профилю ${profile} маржи: ${percent} % и ${points} пунктов`,
        `В режиме ${regime} ничего не будет открыто и добавлено`,
      ],
    ),
  worstCaseBelowPosition: (worst: string, position: string) =>
    both(
      [
        `${worst} % is below max_loss_per_position, ${position} %: one position may be too much for the book`,
        'Raise it, or lower max_loss_per_position',
      ],
      [
        `${worst} % меньше max_loss_per_position, ${position} %: и одна позиция может не пройти`,
        'Увеличьте его или уменьшите max_loss_per_position',
      ],
    ),
  dayBelowPosition: (day: string, position: string) =>
    both(
      [
        `${day} % is below max_loss_per_position, ${position} %: one stop ends the day`,
        'Raise it, or lower max_loss_per_position',
      ],
      [
        `${day} % меньше max_loss_per_position, ${position} %: один стоп заканчивает день`,
        'Увеличьте его или уменьшите max_loss_per_position',
      ],
    ),
  partialCapped: (least: string, cap: string) =>
    both(
      [`${least} USDT is above min_value_cap, ${cap} USDT, which holds instead`, 'Raise the cap or lower the minimum'],
      [
        `${least} USDT больше min_value_cap, ${cap} USDT, и действует он`,
        'Поднимите min_value_cap или уменьшите минимум',
      ],
    ),
  stepNotFurther: both(
    ['is not further than the step before', 'Steps must ascend by "at"'],
    ['не дальше предыдущего шага', 'Шаги должны возрастать по «at»'],
  ),
  fractionsSum: (sum: string) =>
    both(
      [
        `fractions sum to ${sum}, and yet something remains: each is a share of the position as it then is`,
        'Two halves leave a quarter; the rest goes at the target or the stop',
      ],
      [
        `доли в сумме ${sum}, и всё же остаток будет: каждая берётся от позиции, какой она тогда стала`,
        'Две половины оставляют четверть; остальное закроет цель или стоп',
      ],
    ),
  stopNotNearer: (stop: string, target: string) =>
    both(
      [
        `the stop, ${stop} ATR away, is not nearer than the target, ${target} ATR`,
        'More would be lost at the stop than won at the target',
      ],
      [`стоп в ${stop} ATR не ближе цели в ${target} ATR`, 'По стопу терялось бы больше, чем приносит цель'],
    ),
  wrongOrder: (low: string, highName: string, high: string) =>
    both(
      [`${low} is not below ${highName}, ${high}`, 'Swap or change them'],
      [`${low} не меньше ${highName}, ${high}`, 'Поменяйте местами или исправьте'],
    ),
  weightsSum: (sum: string) =>
    both([`the weights sum to ${sum}`, 'They must sum to 1'], [`сумма весов ${sum}`, 'Она должна быть 1']),
  leverageStep: both(
    ['is not above the step before', 'Steps must ascend by "below"'],
    ['не выше предыдущего шага', 'Шаги должны возрастать по «below»'],
  ),
  leverageFalls: both(
    ['a stronger signal gets less leverage than a weaker one', 'Leverages usually ascend'],
    ['сильному сигналу достаётся меньше плеча, чем слабому', 'Обычно плечо возрастает'],
  ),
  shadowedLeverage: both(
    [
      'is shadowed: it counts only where execution.leverage.adaptive is on; while that is off, max alone holds',
      'Write adaptive: on, or remove it',
    ],
    [
      'не действует (shadowed): учитывается, только если execution.leverage.adaptive: on; сейчас действует одно max',
      'Напишите adaptive: on или уберите это значение',
    ],
  ),
  dearFee: (percent: string) =>
    both(
      [
        `is ${percent} % of the value, far above any fee of OKX`,
        'In the file it is a share: 0.0005 is 0.05 %; with --fees per cent: 0.05',
      ],
      [
        `это ${percent} % стоимости, намного больше любой комиссии OKX`,
        'В файле это доля: 0.0005 — это 0.05 %; в --fees проценты: 0.05',
      ],
    ),
  unknownPosition: {
    close: both(
      [
        'closes at the market whatever anybody opens by hand on the traded symbols',
        'To trade by hand beside the bot give it a sub-account of its own',
      ],
      [
        'закрывает по рынку всё, что кто-либо откроет вручную по этим инструментам',
        'Чтобы торговать вручную рядом с ботом, дайте ему отдельный субсчёт',
      ],
    ),
    alert: both(
      [
        'leaves a position that the bot did not open without a stop',
        'Its margin counts as what it can lose; set a stop for it at the exchange',
      ],
      [
        'оставляет позицию, которую открыл не бот, без стопа',
        'Потерей по ней считается вся её маржа; поставьте ей стоп на бирже сами',
      ],
    ),
  },
  calmAboveTurbulent: (calm: string, turbulent: string) =>
    both(
      [
        `${calm} % is above turbulent.above_atr_percent, ${turbulent} %`,
        'A market cannot be calm and turbulent at once',
      ],
      [`${calm} % выше turbulent.above_atr_percent, ${turbulent} %`, 'Рынок не бывает сразу спокойным и бурным'],
    ),
  postponed: both(
    ['is on, and the requirements (§5) postpone it for its risk', 'Leave it off until you have read why'],
    ['включено, а требования (§5) откладывают его из-за риска', 'Не включайте, пока не прочтёте почему'],
  ),
  noRegime: both(
    ['no regime is on, so it never adds', 'Switch a regime on, or the governor off'],
    ['ни один режим не включён, добавлений не будет', 'Включите режим или выключите это решение'],
  ),
  averagingRefused: (regime: string, least: string) =>
    both(
      [`averaging down in ${regime} is refused: min_profit_for_addition is ${least} % there`, 'Switch one of them off'],
      [`усреднение в режиме ${regime} отклоняется: min_profit_for_addition там ${least} %`, 'Выключите одно из двух'],
    ),
  modesWithoutScalper: both(
    ['chooses between components of the scalper, which is off', 'Switch signals.scalper.enabled on, or this off'],
    ['выбирает между частями скальпера, а он выключен', 'Включите signals.scalper.enabled или выключите это'],
  ),
  modeWithoutWeights: (mode: string, components: string) =>
    both(
      [`the mode ${mode} never signals: the weights of ${components} are 0`, 'Give one of them a weight'],
      [`режим ${mode} никогда не даст сигнала: веса ${components} равны 0`, 'Задайте вес хотя бы одному'],
    ),
  dayStepOrder: both(
    ['is not farther from 0 than the step before', 'Steps go outwards: -1, -2, -3, or 1, 2, 3'],
    ['не дальше от 0, чем предыдущий шаг', 'Шаги идут от нуля: -1, -2, -3 или 1, 2, 3'],
  ),
  dayStepGrows: both(
    ['a worse day gets a larger size than a better one', 'Factors usually fall as losses grow'],
    ['худшему дню достаётся размер больше, чем лучшему', 'Обычно множители падают с ростом убытка'],
  ),
  factorOutside: (factor: string, min: string, max: string) =>
    both(
      [`${factor} is outside min_factor ${min} to max_factor ${max}`, 'Change the factor or the bounds'],
      [`${factor} вне границ: min_factor ${min}, max_factor ${max}`, 'Измените множитель или границы'],
    ),
  pauseAboveMax: (minutes: string, max: string) =>
    both(
      [`${minutes} is above max_minutes, ${max}: the pause would be cut`, 'Raise max_minutes or lower this'],
      [`${minutes} больше max_minutes, ${max}: пауза будет урезана`, 'Поднимите max_minutes или уменьшите это'],
    ),
};
