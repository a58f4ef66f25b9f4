/** What is wrong with a case of `decide`, where, and in both languages (ladder.md §6, §7). */
import type { Words } from '../../config/keys/words.ts';

/** `malformed`: no case. `off-grid`: a size that is no whole number of lots, or a price of ticks. */
export type MalformedCode = 'malformed' | 'off-grid';

export class MalformedCase extends Error {
  override readonly name = 'MalformedCase';
  readonly said: Words;
  /** `position.leverage` */
  readonly path: string;
  readonly code: MalformedCode;

  constructor(said: Words, path = '', code: MalformedCode = 'malformed') {
    super(said.en);
    this.said = said;
    this.path = path;
    this.code = code;
  }
}

export const CASE_SAID = {
  notJson: (reason: string): Words => {
    const at = /position (\d+)/.exec(reason)?.[1];
    const place = at === undefined ? '' : `, знак ${Number(at) + 1}`;
    return { en: `this line is not JSON: ${reason}`, ru: `эта строка — не JSON${place}` };
  },
  tooLong: (characters: number): Words => ({
    en: `this line is longer than ${characters} characters: one case a line, each ended by a line feed`,
    ru: `эта строка длиннее ${characters} знаков: пишите по случаю в строке и кончайте её переводом строки`,
  }),
  tooDeep: { en: 'this case is nested too deeply', ru: 'этот случай вложен слишком глубоко' },
  outOfRange: (reason: string): Words => ({
    en: reason,
    ru: 'числа случая вместе выходят за пределы точного счёта',
  }),
  longNumber: (source: string): Words => ({
    en: `the number ${source} has more than 15 digits and may have lost some: use a string`,
    ru: `в числе ${source} больше 15 цифр, часть могла потеряться: возьмите его в кавычки`,
  }),
  pastRange: (source: string): Words => ({
    en: `the number ${source} is past what can be counted with: write a plain decimal`,
    ru: `число ${source} выходит за пределы счёта: пишите обычное десятичное`,
  }),
  missing: (wanted: Words): Words => ({
    en: `is missing: ${wanted.en} is needed`,
    ru: `отсутствует, а нужно: ${wanted.ru}`,
  }),
  wrongKind: (wanted: Words, given: string): Words => ({
    en: `must be ${wanted.en}, not ${given}`,
    ru: `нужно: ${wanted.ru}; здесь ${given}`,
  }),
  unfit: (otherwise: Words, given: string): Words => ({
    en: `${otherwise.en}, not ${given}`,
    ru: `${otherwise.ru}, а здесь ${given}`,
  }),
  noDecimal: (reason: string, given: string): Words => ({
    en: reason,
    ru: `«${given}» — не десятичное число: пишите так: "0.05"`,
  }),
  unknownKey: (known: readonly string[]): Words => ({
    en: `is not a key that is known here: known are ${known.join(', ')}`,
    ru: `нет такого ключа; здесь известны: ${known.join(', ')}`,
  }),
  offLot: (contracts: string, lotSz: string): Words => ({
    en: `${contracts} contracts are not a multiple of lotSz ${lotSz}`,
    ru: `контрактов ${contracts}, это не кратно lotSz ${lotSz}`,
  }),
  pastLots: (contracts: string): Words => ({
    en: `${contracts} contracts are past the safe range of whole lots`,
    ru: `контрактов ${contracts}, это больше, чем можно точно сосчитать в лотах`,
  }),
  offTick: (price: string, tickSz: string): Words => ({
    en: `the price ${price} is not a multiple of tickSz ${tickSz}`,
    ru: `цена ${price} не кратна tickSz ${tickSz}`,
  }),
  number: { en: 'a number or a decimal string', ru: 'число или десятичная строка' },
  notNegative: { en: 'must be 0 or more', ru: 'должно быть от 0' },
  positive: { en: 'must be above 0', ru: 'должно быть больше 0' },
  share: { en: 'must be from 0 to 1', ru: 'должно быть от 0 до 1' },
  leverage: { en: 'must be a whole number from 1 to 1000', ru: 'должно быть целым числом от 1 до 1000' },
  text: { en: 'a text', ru: 'текст' },
  flag: { en: 'true or false', ru: 'true или false' },
  milliseconds: { en: 'a whole number of milliseconds', ru: 'целое число миллисекунд' },
  count: { en: 'a whole number, 0 or more', ru: 'целое число от 0' },
  list: { en: 'a list', ru: 'список' },
  object: { en: 'an object', ru: 'объект' },
  oneOf: (words: readonly string[]): Words => ({ en: `one of ${words.join(', ')}`, ru: `одно из ${words.join(', ')}` }),
};
