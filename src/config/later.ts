/** Keys of the papers that nothing reads yet. They are refused with their reason: a key that does nothing would be a silent lie. */
const LATER: Readonly<Record<string, string>> = {
  notify: 'this version sends no notifications',
  state: 'the folder of the journal comes from RUNGWISE_HOME (default ./state)',
  timezone: 'this version shows times in UTC',
  'account.uid': 'this version trades no exchange account',
};

/** Why a key of the papers is not to be used yet; undefined for a key that was never meant. */
export function laterReason(path: string): string | undefined {
  return Object.hasOwn(LATER, path) ? LATER[path] : undefined;
}
