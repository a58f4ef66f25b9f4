/** Every effective value with its origin, section by section. */

import { yamlOf } from '../../config/effective/effective-print.ts';
import type { Origin, Setting } from '../../config/index.ts';
import { fit, widthOf } from '../../report/drawing/width.ts';
import type { Session } from '../shell/session.ts';

const VALUE_WIDTH_MAX = 56;
/** Below, there is no room for a column of origins: only what is not by default says its own. */
const BESIDE = 76;

/** What a person wrote stands out, what holds by default steps back. */
export function settingsSection(session: Session, settings: readonly Setting[]): string[] {
  const { texts, palette } = session;
  const isNarrow = session.width < BESIDE;
  const lines: string[] = [palette.strong(texts.check.settings)];
  if (isNarrow) lines.push(palette.dim(`  ${texts.check.unmarked}`));
  let section = '';
  for (const { path, value, origin } of settings) {
    const [head = '', ...rest] = path.split('.');
    if (head !== section && rest.length > 0) lines.push(`  ${palette.accent(head)}`);
    section = head;
    const said = rest.length === 0 ? `  ${head} = ${yamlOf(value)}` : `    ${rest.join('.')} = ${yamlOf(value)}`;
    const aligned = isNarrow || widthOf(said) > VALUE_WIDTH_MAX ? said : fit(said, VALUE_WIDTH_MAX);
    const from = isNarrow && origin.from === 'default' ? '' : `  ${palette.dim(originText(session, origin))}`;
    lines.push(`${paintOf(session, origin)(aligned)}${from}`);
  }
  return lines;
}

function paintOf({ palette }: Session, { from }: Origin): (text: string) => string {
  switch (from) {
    case 'default':
      return (text) => palette.dim(text);
    case 'preset':
      return (text) => text;
    case 'file':
    case 'command line':
      return (text) => palette.strong(text);
  }
}

function originText({ texts: { check } }: Session, origin: Origin): string {
  switch (origin.from) {
    case 'default':
      return check.origin.default;
    case 'preset':
      return check.origin.preset(origin.preset);
    case 'file':
      return origin.line === undefined ? check.origin.file : check.origin.line(origin.line);
    case 'command line':
      return check.origin.commandLine;
  }
}
