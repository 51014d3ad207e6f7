/**
 * The files that settings name, and the commands that print secrets for them. Each is read or run once: a pipe gives its bytes only once, a
 * file may change, and a command may ask its user something.
 */
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
  /** How long a command may take, in ms. */
  commandMs = 10_000;
  readonly #read = new Map<string, Promise<NamedFile>>();
  readonly #printed = new Map<string, Promise<string>>();

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

  /**
   * What a command prints, without its last newline.
   * @param command a line of words, or the words
   * @throws KtError `usage` when it gives no secret; the signal's reason
   */
  async printed(
    command: string | readonly [program: string, ...args: string[]],
    namedBy: string,
    hint: string,
  ): Promise<string> {
    const { CommandFailure, outputOf, printedBy } = await import('../base/secret-command.ts');
    const options = { signal: this.signal, timeoutMs: this.commandMs };
    const key = typeof command === 'string' ? command : command.join('\0');
    const running =
      this.#printed.get(key) ??
      (typeof command === 'string' ? printedBy(command, options) : outputOf(command[0], command.slice(1), options));
    this.#printed.set(key, running);
    try {
      return await running;
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      throw usageError(`${namedBy}: there is no secret (${error.message})`, hint);
    }
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
