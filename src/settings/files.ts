/** The files that settings name. Each is read once a run: a pipe gives its bytes only once, and a file may change. */
import { resolve } from 'node:path';
import { usageError } from '../base/errors.ts';
import { type NamedFile, readNamedFile, whyUnreadable } from '../base/named-file.ts';

/** No properties file, profile file or secret is larger; /dev/zero is. */
export const largestText = 1 << 20;
/** Stores of certificates may be larger. */
const largestStore = 16 << 20;

export class SettingsFiles {
  /** Ends every reading. */
  readonly signal: AbortSignal;
  readonly #read = new Map<string, Promise<NamedFile>>();

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /**
   * A properties file or a secret, up to 1 MiB.
   * @param namedBy the flag, variable or property, for errors
   * @throws KtError `usage` when it cannot be read; the signal's reason
   */
  text(path: string, namedBy: string, hint = 'check the path and its permissions'): Promise<Buffer> {
    return this.#bytes(path, largestText, namedBy, hint);
  }

  /** Certificates and keys, up to 16 MiB. @throws as `text` */
  store(path: string, namedBy: string): Promise<Buffer> {
    return this.#bytes(path, largestStore, namedBy, 'check the path and its permissions');
  }

  async #bytes(path: string, largest: number, namedBy: string, hint: string): Promise<Buffer> {
    const key = resolve(path);
    const reading = this.#read.get(key) ?? readNamedFile(path, { signal: this.signal, largest });
    this.#read.set(key, reading);
    try {
      return (await reading).bytes;
    } catch (cause) {
      if (this.signal.aborted) throw this.signal.reason;
      throw usageError(`${namedBy}: cannot read ${path} (${whyUnreadable(cause)})`, hint);
    }
  }
}
