/** Что говорит предупреждение сверх своего названия, по-русски. */
import type { OrderRole } from '../../core/order.ts';
import type { AlertTexts } from './alerts-en.ts';

const roles: Readonly<Record<OrderRole, string>> = {
  entry: 'вход',
  rung: 'ступень',
  stop: 'стоп',
  target: 'цель',
  partial: 'частичное закрытие',
  close: 'закрытие',
};

export const alertsRu: AlertTexts = {
  rejected: (role, said, words) => `${role === null ? 'ордер' : roles[role]}: ${said} ${words}`,
  stopLost: (cause) => `биржа его сняла (${cause}); он ставится заново`,
  closeFailed: 'закройте вручную или повторите через «rungwise flatten»; стоп стоит',
  reasoningLost: 'решение в силе, почему — сказать не удалось',
  foreignOrder: 'ордер этого бота отзывается, любой другой снимаете вы',
  foreignFill: (cause, side, contracts) =>
    `${{ order: 'ордер открыл', liquidation: 'ликвидация открыла', adl: 'ADL открыл', foreign: 'кто-то открыл' }[cause]} ${side} ${contracts}; ` +
    'будут стоп и выходы, но не ступени',
  position: (side, contracts) => `там ${side} ${contracts}, это принято`,
  noPosition: 'там её нет, это принято',
  balance: (usdt) => `там ${usdt} USDT, это принято`,
  leverage: (leverage) => `там теперь ${leverage}x, позиция открыта`,
  clock: (seconds) => `оно на ${seconds} с позади последнего события журнала; стопы стоят`,
};
