/** Что говорится о журнале, которым нельзя пользоваться, по-русски. */
import type { JournalFailure, journalEn } from './journal-en.ts';

export const journalRu: typeof journalEn = {
  failed: (failure) => {
    const row = failure.seq === undefined ? '' : `, строка ${failure.seq}`;
    const cause = failure.code === 'beyond-repair' ? '' : causeOf(failure.cause);
    return `журнал «${failure.path ?? ''}»${row}: ${said(failure)}${cause}`;
  },
  secondInstance: (path, by) =>
    `уже работает другой бот или демо${by}, он пишет ${path}: остановите его или задайте RUNGWISE_HOME`,
  byProcess: (pid, since) => ` (процесс ${pid}, с ${since})`,
  notRemoved: (path, uid) =>
    `${path} — журнал счёта ${uid}, и он был бы удалён: здесь каждый раз начинают заново demo и paper. ` +
    'Задайте другую папку в RUNGWISE_HOME или дайте тому счёту другое имя в его конфигурации и переименуйте его папку',
};

/** What the system said is English: its number or code can be looked up in any language. */
function causeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  if ('errcode' in cause) return ` (SQLite ${String(cause.errcode)})`;
  return 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
}

const DAMAGED =
  'Файлы оставлены как были. Верните копию или выполните «rungwise recover»: он сохранит все строки до повреждения.' +
  ' В обоих случаях начинайте без добавлений, пока счёт не сверен с биржей';

function said({ code, message, cause }: JournalFailure): string {
  switch (code) {
    case 'disk-full':
      return 'диск заполнен. Недописанного не осталось; освободите место и запустите снова';
    case 'read-only':
      return 'сюда нельзя писать. Откройте файл и папку для записи или направьте RUNGWISE_HOME в другое место';
    case 'io':
      return 'файловая система отказала. Недописанного не осталось; проверьте диск и запустите снова';
    case 'moved':
      return 'этот файл удалён, переименован или заменён, пока его пишут. Больше ничего не пишется. Верните его, если он перенесён, и запустите снова';
    case 'corrupt':
      return `данные повреждены. ${DAMAGED}`;
    case 'beyond-repair':
      return (
        'сохранить нечего: файл обрывается или повреждён там, где сказано, чей он. Файлы оставлены как были. Верните' +
        ' копию или уберите файл и те, что рядом с ним, и начните заново, без добавлений, пока счёт не сверен с биржей'
      );
    case 'not-a-journal':
      return 'это не журнал. Назовите файл журнала, например state/demo/journal.db, или уберите то, что стоит на его месте';
    case 'not-found':
      return cause === undefined
        ? 'его здесь нет: запустите бота, который его пишет, или назовите другой'
        : 'такого файла или папки нет';
    case 'newer-version':
      return 'он записан более новым выпуском. Обновите программу; ничего не изменено';
    case 'other-account':
      return 'он принадлежит другому счёту. Один счёт — один журнал: возьмите другие ключи или другой RUNGWISE_HOME';
    case 'busy':
      return 'его открыл другой процесс. Закройте отчёты и повторы этого журнала и попробуйте снова';
    case 'second-instance':
    case 'payload':
    case 'closed':
    case 'usage':
      return message;
  }
}
