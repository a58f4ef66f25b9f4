/** Candle files as they come, plain or gzip, into the reader of their text (csv-reader.ts). */
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { DataError } from '../data-error.ts';
import { type CsvOptions, CsvReader, type Imported } from './csv-reader.ts';

/** Reads a CSV file, plain or gzip. @throws {DataError} where it cannot be read or nothing can be made of it. */
export async function importCsvFile(path: string, options: CsvOptions): Promise<Imported> {
  const stream = createReadStream(path, { highWaterMark: 1 << 18 });
  return importCsv(path, stream, options);
}

/**
 * Reads CSV text from chunks of bytes, plain or gzip; `source` is its name in messages.
 * @throws {DataError} where reading fails or nothing can be made of it.
 */
export async function importCsv(
  source: string,
  chunks: AsyncIterable<Uint8Array>,
  options: CsvOptions,
): Promise<Imported> {
  const read = chunks[Symbol.asyncIterator]();
  const first = await firstChunk(source, read);
  const isGzip = first[0] === 0x1f && first[1] === 0x8b;
  const file = new CsvReader(source, options, isGzip);
  const all = rejoined(source, first, read);
  for await (const chunk of isGzip ? gunzipped(source, all) : all) file.push(chunk);
  return file.finish();
}

async function firstChunk(source: string, read: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const { value, done } = await guarded(source, read);
  if (done === true) throw new DataError(source, { code: 'empty' });
  return value.length >= 2 ? value : Buffer.concat([value, (await guarded(source, read)).value ?? new Uint8Array()]);
}

async function* rejoined(
  source: string,
  first: Uint8Array,
  read: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await guarded(source, read); next.done !== true; next = await guarded(source, read)) yield next.value;
}

async function guarded(
  source: string,
  read: AsyncIterator<Uint8Array>,
): Promise<IteratorResult<Uint8Array, undefined>> {
  try {
    return await read.next();
  } catch (error) {
    throw new DataError(source, { code: 'unreadable', reason: reasonOf(error) }, { cause: error });
  }
}

async function* gunzipped(source: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  // An error of either end reaches the loop through the stream it reads.
  const unzip = pipeline(chunks, createGunzip(), () => undefined);
  try {
    for await (const chunk of unzip) yield chunk;
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(source, { code: 'compressed', isCut: isCutShort(error) }, { cause: error });
  }
}

function isCutShort(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR';
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
