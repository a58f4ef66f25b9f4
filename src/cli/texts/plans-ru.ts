/** What `plan --book` and `plan --risk` say, in Russian. */
import type { PlansTexts } from './plans-en.ts';

export const plansRu: PlansTexts = {
  planBook: {
    option: 'весь портфель: каждый инструмент так, будто в него сейчас вошли, и худший случай против пределов',
    shock: 'для --book: все рынки разом на столько ATR против портфеля (по умолчанию limits.shock_atr)',
    noPrice:
      '--price задаёт цену одного инструмента: с --book её не указывают (берутся сохранённые свечи или цены для примера)',
    title: (symbols, balance, profile) => `Портфель, инструментов: ${symbols}, баланс ${balance} USDT (${profile})`,
    columns: {
      side: 'сторона',
      regime: 'рынок',
      price: 'цена',
      entry: 'вход',
      rungs: 'ступени',
      refusal: 'отказ',
    },
    order: 'в порядке конфигурации; лестницы выше уже пройдены целиком',
    none: 'ни один вход не проходит условий: портфель останется пустым',
    filled: 'Всё исполнено, затем стопы или шок, USDT',
    stoppedNote: 'по стопу: взяты все ступени, затем все стопы (*: ликвидация, она ближе)',
    shockNote: 'шок: все рынки разом против нас; стоп исполняется там, где кончился ход',
    atrNote: 'где свечи не сохранены, ATR взят по расстоянию стопа',
    against: 'Против пределов',
    of: 'из',
    caps: {
      worstCase: 'худший случай',
      shock: (atr) => `шок ${atr} ATR`,
      exposure: 'все позиции',
      margin: 'маржа',
      positions: 'открытых позиций',
    },
  },
};
