/** Why a connection was lost: a code and what goes with it, for whoever words it. `words` are the exchange's, `said` is a code of it or of the network. */
export type ConnectionLoss =
  | { readonly code: 'silent'; readonly ms: number }
  | { readonly code: 'no-answer'; readonly to: 'login' | 'subscription' }
  | { readonly code: 'closed'; readonly status: number; readonly words: string }
  | { readonly code: 'notice' | 'refused'; readonly said: string; readonly words: string }
  /** '': it ended without a word. */
  | { readonly code: 'failed'; readonly said: string };

export function lossInEnglish(loss: ConnectionLoss): string {
  switch (loss.code) {
    case 'silent':
      return `silent for ${loss.ms} ms`;
    case 'no-answer':
      return `no answer to ${loss.to === 'login' ? 'the login' : 'a subscription'}`;
    case 'closed':
      return `closed with ${loss.status} ${loss.words}`.trim();
    case 'notice':
      return `notice ${loss.said}: ${loss.words}`;
    case 'refused':
      return `${loss.said} ${loss.words}`.trim();
    case 'failed':
      return loss.said === '' ? 'closed' : loss.said;
  }
}
