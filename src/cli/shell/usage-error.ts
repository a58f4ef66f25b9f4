/** The command was asked for something it cannot do; the message says what to write instead, in the session's language. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The person said no to a question, or pressed Ctrl-C; the message, where there is one, says what was not done, in the session's language. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}
