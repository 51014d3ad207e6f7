/** Another cluster beside the one that is shown: the profiles there are, and the change over at the first answer. */
import { isEnding, KtError } from '../../base/errors.ts';
import type { Context } from '../../context.ts';
import { Collector } from '../../core/top/collector.ts';
import type { Snapshot } from '../../core/top/snapshot.ts';
import { openProfiles } from '../../settings/profile-file.ts';
import type { ProfileRow } from './profiles.ts';

interface Opened {
  readonly collector: Collector;
  readonly snapshot: Snapshot;
}

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

  /** Reads the config file anew; the profiles are undefined until then. */
  list(): () => readonly ProfileRow[] | undefined {
    this.#profiles = undefined;
    this.message = undefined;
    void this.#read();
    return () => this.#profiles;
  }

  /** Gives up what is under way. */
  forget(): void {
    this.#wanted = undefined;
    this.message = undefined;
  }

  /** @returns undefined where it cannot be reached, or another one was chosen meanwhile; `message` says why */
  async open(profile: string, intervalMs: number): Promise<Opened | undefined> {
    this.#wanted = profile;
    this.#say(`connecting to ${profile}`);
    try {
      const opened = await this.#connect(profile, intervalMs);
      if (opened) this.message = undefined;
      return opened;
    } catch (error) {
      if (!(error instanceof KtError)) throw error;
      if (!isEnding(error) && this.#wanted === profile) this.#say(error.message);
      return undefined;
    }
  }

  /** A cluster that is given up is closed. @returns undefined where another one was chosen meanwhile */
  async #connect(profile: string, intervalMs: number): Promise<Opened | undefined> {
    // A question would stand on the screen, and its answer would be read as keys.
    const cluster = await this.#context.clusterOf(profile, { asks: false });
    let opened: Opened | undefined;
    try {
      const collector = new Collector(cluster, intervalMs);
      const snapshot = await collector.start();
      if (this.#wanted === profile) opened = { collector, snapshot };
    } finally {
      if (!opened) await cluster.close();
    }
    return opened;
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
