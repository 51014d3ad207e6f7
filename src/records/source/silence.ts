/** Says once that nothing has come for a while, so that nobody wonders at an empty screen. */

const silenceMs = 3_000;

export class Silence {
  readonly #tell: () => void;
  #timer: NodeJS.Timeout | undefined;
  #told = false;

  constructor(tell: () => void) {
    this.#tell = tell;
    this.begin();
  }

  /** Starts to wait. */
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
