/** Another cluster beside the one that is shown: the profiles there are, and the change over at the first answer. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import { Collector } from '../../core/top/collector.ts';
import type { Snapshot } from '../../core/top/snapshot.ts';
import { openProfiles } from '../../settings/profile-file.ts';
import type { ProfileRow } from './profiles.ts';

export class Connections {
  /** What is under way, or why it failed; undefined otherwise. */
  message: string | undefined;
  readonly #context: Context;
  readonly #changed: () => void;
  #profiles: readonly ProfileRow[] | undefined;
  #wanted: string | undefined;

  constructor(context: Context, changed: () => void) {
    this.#context = context;
    this.#changed = changed;
  }

  /** Reads the config file anew. */
  list(): { profiles(): readonly ProfileRow[] | undefined; message(): string | undefined } {
    this.#profiles = undefined;
    this.message = undefined;
    void this.#read();
    return { profiles: () => this.#profiles, message: () => undefined };
  }

  /** @returns undefined where it cannot be reached, or another one was chosen meanwhile; `message` says why */
  async open(profile: string, intervalMs: number): Promise<{ collector: Collector; snapshot: Snapshot } | undefined> {
    this.#wanted = profile;
    this.#say(`connecting to ${profile}`);
    try {
      const cluster = await this.#context.clusterOf(profile);
      const collector = new Collector(cluster, intervalMs);
      const snapshot = await collector.start();
      if (this.#wanted !== profile) return undefined;
      this.message = undefined;
      return { collector, snapshot };
    } catch (error) {
      if (!(error instanceof KtError)) throw error;
      if (!isEnding(error) && this.#wanted === profile) this.#say(error.message);
      return undefined;
    }
  }

  async #read(): Promise<void> {
    try {
      const { profiles } = await openProfiles(this.#context.env, this.#context.signal);
      this.#profiles = [...profiles.values()].map(({ name, bootstrapServer, commandConfig }) => ({
        name,
        address: bootstrapServer ?? (commandConfig === undefined ? '' : `as ${commandConfig} says`),
      }));
    } catch (error) {
      if (!(error instanceof KtError)) throw error;
      this.#profiles = [];
      if (!isEnding(error)) this.message = error.message;
    }
    this.#changed();
  }

  #say(text: string): void {
    this.message = text;
    this.#changed();
  }
}
