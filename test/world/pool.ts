/** Threads that run seeds, as many at a time as there are cores. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WorkerAnswer, WorkerTask } from './worker.ts';

export const THREADS = availableParallelism();

interface Waiting {
  readonly task: WorkerTask;
  readonly resolve: (answer: WorkerAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export class Pool {
  readonly #idle: Worker[] = [];
  readonly #all: Worker[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #running = new Map<Worker, Waiting>();

  constructor(plant?: string, threads = THREADS) {
    for (let n = 0; n < threads; n++) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData: { plant } });
      worker.on('message', (answer: WorkerAnswer) => this.#done(worker, ({ resolve }) => resolve(answer)));
      worker.on('error', (error) => this.#done(worker, ({ reject }) => reject(error)));
      this.#all.push(worker);
      this.#idle.push(worker);
    }
  }

  run(task: WorkerTask): Promise<WorkerAnswer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ task, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    const worker = this.#waiting.length === 0 ? undefined : this.#idle.pop();
    const waiting = worker === undefined ? undefined : this.#waiting.shift();
    if (worker === undefined || waiting === undefined) return;
    this.#running.set(worker, waiting);
    worker.postMessage(waiting.task);
  }

  #done(worker: Worker, settle: (waiting: Waiting) => void): void {
    const waiting = this.#running.get(worker);
    this.#running.delete(worker);
    this.#idle.push(worker);
    if (waiting !== undefined) settle(waiting);
    this.#next();
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((worker) => worker.terminate()));
  }
}
