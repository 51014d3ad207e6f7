/** Tells once when nothing has come for a while, so that whoever looks at an empty screen knows that kt waits. */

const silenceMs = 3_000;

export class Silence {
  readonly #tell: () => void;
  #timer: NodeJS.Timeout | undefined;
  #told = false;

  constructor(tell: () => void) {
    this.#tell = tell;
    this.begin();
  }

  /** From now on something is waited for. */
  begin(): void {
    if (this.#told) return;
    this.#timer = setTimeout(() => {
      this.#told = true;
      this.#tell();
    }, silenceMs);
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}
