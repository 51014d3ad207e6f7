/** How work shows how far it has come, whoever draws it. */

export interface Progress {
  /** Replaces the text beside the spinner. */
  update(text: string): void;
  /** Removes the spinner from the screen. */
  stop(): void;
}

/** Shows how far work of a known size has come. */
export interface ProgressBar {
  /** That many more records or bytes are done. */
  advance(by: number): void;
  /** Removes the bar from the screen. */
  stop(): void;
}
