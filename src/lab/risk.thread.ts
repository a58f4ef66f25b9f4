/** A thread of risk-threads.ts: a seed in, its sample out. */
import { parentPort, workerData } from 'node:worker_threads';
import { type RiskSettings, riskSample } from './risk.ts';

parentPort?.on('message', (seed: number) => parentPort?.postMessage(riskSample(workerData as RiskSettings, seed)));
