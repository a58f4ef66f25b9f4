/** Ctrl-C, or a polite kill, as a fact to look at. The second one kills as it always does. */
export interface Interruption {
  readonly isAsked: boolean;
  /** No longer listens. */
  release(): void;
}

/** @param asked called once, at the first */
export function listenForInterruption(asked: () => void = () => undefined): Interruption {
  let isAsked = false;
  const hear = () => {
    isAsked = true;
    release();
    asked();
  };
  const release = () => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, hear);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, hear);
  return {
    get isAsked() {
      return isAsked;
    },
    release,
  };
}
