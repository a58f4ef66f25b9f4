/**
 * Signatures of OKX v5. Source: okx-v5.md §1.1, §4.2.
 *
 * REST: Base64(HMAC-SHA256(secret, timestamp + METHOD + target + body)); the target is path and query exactly as sent,
 * the body exactly as sent (`""` for GET): the caller signs the very strings that go out. WebSocket: the same over
 * seconds + "GET" + "/users/self/verify".
 */
import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';

/**
 * An API key. Its three texts are private: printing, JSON and error messages show only the key's last four characters.
 * What the exchange says is passed through `redact` before anybody sees it.
 */
export class ApiKey {
  readonly #key: string;
  readonly #secret: string;
  readonly #passphrase: string;

  constructor(parts: { readonly key: string; readonly secret: string; readonly passphrase: string }) {
    for (const [name, value] of Object.entries(parts)) {
      if (value === '' || /[^\x21-\x7e]/.test(value))
        throw new ApiKeyError(`the OKX ${name} is empty or holds a blank or non-ASCII character: copy it again`);
    }
    this.#key = parts.key;
    this.#secret = parts.secret;
    this.#passphrase = parts.passphrase;
  }

  /** The four headers of a private request at `nowMs` of the exchange's clock. */
  restHeaders(request: {
    readonly method: 'GET' | 'POST';
    readonly target: string;
    readonly body: string;
    readonly nowMs: number;
  }) {
    const timestamp = new Date(request.nowMs).toISOString();
    return {
      'OK-ACCESS-KEY': this.#key,
      'OK-ACCESS-SIGN': signature(this.#secret, timestamp + request.method + request.target + request.body),
      'OK-ACCESS-TIMESTAMP': timestamp,
      'OK-ACCESS-PASSPHRASE': this.#passphrase,
    };
  }

  /** The login argument at `nowMs` of the exchange's clock; its timestamp is in seconds. */
  loginArg(nowMs: number) {
    const timestamp = String(Math.floor(nowMs / 1000));
    return {
      apiKey: this.#key,
      passphrase: this.#passphrase,
      timestamp,
      sign: signature(this.#secret, `${timestamp}GET/users/self/verify`),
    };
  }

  /** `text` without the key, the secret and the passphrase, however they got into it. */
  redact(text: string): string {
    // In one go, the longest first: no part is looked for within what stands for another.
    const parts = [this.#secret, this.#key, this.#passphrase].toSorted((a, b) => b.length - a.length);
    return text.replaceAll(
      new RegExp(parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|'), 'g'),
      '[redacted]',
    );
  }

  toString(): string {
    return `OKX key …${this.#key.slice(-4)}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A key that cannot be right: it would only earn a 401. */
export class ApiKeyError extends Error {
  override readonly name = 'ApiKeyError';
}

/** The signature of a prehash; the paper exchange checks with the same function. */
export function signature(secret: string, prehash: string): string {
  return createHmac('sha256', secret).update(prehash).digest('base64');
}
