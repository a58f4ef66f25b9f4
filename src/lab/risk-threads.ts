/** Runs risk samples on every core, a seed at a time; what is known when somebody stops it is returned. */
import { Worker } from 'node:worker_threads';
import { type RiskSample, type RiskSettings, riskSample } from './risk.ts';

export interface RiskRun {
  readonly seeds: readonly number[];
  /** 1: no thread but this one. */
  readonly threads: number;
  /** Called after every seed, with how many are done. */
  readonly progress: (done: number) => void;
  /** True: no further seed is begun. */
  readonly isStopped: () => boolean;
}

/** Samples in the order of their seeds, whichever thread was quicker. */
export async function riskSamples(settings: RiskSettings, run: RiskRun): Promise<RiskSample[]> {
  const samples = new Map<number, RiskSample>();
  const waiting = [...run.seeds];
  const next = () => (run.isStopped() ? undefined : waiting.shift());
  const done = (sample: RiskSample) => {
    samples.set(sample.seed, sample);
    run.progress(samples.size);
  };
  const threads = Math.min(run.threads, run.seeds.length);
  if (threads <= 1) await here(settings, next, done);
  else await Promise.all(Array.from({ length: threads }, () => elsewhere(settings, next, done)));
  return run.seeds.flatMap((seed) => samples.get(seed) ?? []);
}

async function here(
  settings: RiskSettings,
  next: () => number | undefined,
  done: (sample: RiskSample) => void,
): Promise<void> {
  for (let seed = next(); seed !== undefined; seed = next()) {
    done(riskSample(settings, seed));
    await new Promise(setImmediate);
  }
}

/** The sources run as they are, and so does what was built of them: the thread's file has the ending of this one. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './risk.thread.ts' : './risk.thread.js', import.meta.url);

async function elsewhere(
  settings: RiskSettings,
  next: () => number | undefined,
  done: (sample: RiskSample) => void,
): Promise<void> {
  const first = next();
  if (first === undefined) return;
  const worker = new Worker(THREAD, { workerData: settings });
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', (sample: RiskSample) => {
        done(sample);
        const seed = next();
        if (seed === undefined) resolve();
        else worker.postMessage(seed);
      });
      worker.postMessage(first);
    });
  } finally {
    await worker.terminate();
  }
}
