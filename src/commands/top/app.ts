/** `kt top` on a terminal: which screen is open, what keys do everywhere, and the collector that feeds them. */
import type { Frame, FullScreen, Key, ScreenHost, ScreenSize } from '../../cli/full-screen.ts';
import type { Context } from '../../context.ts';
import type { Collector } from '../../core/top/collector.ts';
import { type Focus, noFocus, type Snapshot } from '../../core/top/snapshot.ts';
import { brokersView } from './brokers.ts';
import { Clipboard } from './clipboard.ts';
import { Connections } from './connections.ts';
import { groupView } from './group.ts';
import { groupsView } from './groups.ts';
import { firstLine, lastLine, secondLine, thirdLine } from './header.ts';
import { helpView } from './help.ts';
import { overviewView } from './overview.ts';
import { profilesView } from './profiles.ts';
import { openRecords, type RecordReading, StuckRecords } from './reading.ts';
import { topicView } from './topic.ts';
import { topicConfigs } from './topic-configs.ts';
import { topicsView } from './topics.ts';
import { type Actions, line, type Scene, toned, type View } from './view.ts';

const leastColumns = 40;
const leastLines = 8;
/** Lines that no screen has for itself: three at the top, one at the bottom. */
const frameLines = 4;
const intervalsMs = [1_000, 2_000, 5_000, 10_000, 30_000, 60_000];

/** @param reading how keys and values are read */
export class Top implements FullScreen, Actions {
  readonly fullScreen = true;
  readonly #context: Context;
  #reading: RecordReading;
  readonly #connections: Connections;
  #collector: Collector;
  #snapshot: Snapshot;
  #where: string;
  #host: ScreenHost | undefined;
  #tabs: readonly View[] = newTabs();
  /** The numbered screen, and what was opened from it. */
  #stack: View[] = [this.#tabs[0]!];
  #message: string | undefined;
  readonly #clipboard = new Clipboard();
  #ended: { quit(): void; fail(error: unknown): void } | undefined;

  constructor(context: Context, reading: RecordReading, first: { collector: Collector; snapshot: Snapshot; where: string }) {
    this.#context = context;
    this.#reading = reading;
    this.#collector = first.collector;
    this.#snapshot = first.snapshot;
    this.#where = first.where;
    this.#connections = new Connections(context, () => this.redraw());
  }

  async run(host: ScreenHost): Promise<string | undefined> {
    this.#host = host;
    const { signal } = this.#context;
    const ended = new Promise<void>((resolve, reject) => {
      this.#ended = { quit: resolve, fail: reject };
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      if (signal.aborted) reject(signal.reason);
    });
    // Ages go on between two ticks.
    const aging = setInterval(() => {
      if (this.#snapshot.brokers.some(({ problem }) => problem)) this.redraw();
    }, 1_000);
    this.#collect();
    try {
      await ended;
    } finally {
      clearInterval(aging);
      this.#collector.stop();
      for (const view of this.#stack) view.close?.();
    }
    return this.#clipboard.printed;
  }

  frame({ columns, lines: height }: ScreenSize): Frame {
    if (columns < leastColumns || height < leastLines)
      return { lines: [line(`kt top needs ${leastColumns}×${leastLines}`)], cursor: { line: 0, column: 0 } };
    const scene = this.#scene();
    const view = this.#view;
    const body = view.draw(scene, { width: columns, height: height - frameLines });
    this.#look();
    const shown = body.lines.slice(0, height - frameLines);
    const space = Array.from({ length: height - frameLines - shown.length }, () => line());
    return {
      lines: [
        firstLine(scene, columns),
        secondLine(scene, view, columns),
        this.#connections.message === undefined
          ? thirdLine(scene, columns)
          : line(toned(` ${this.#connections.message}`, 'warn')),
        ...shown,
        ...space,
        lastLine(view, this.#message, columns),
      ],
      cursor: { line: 3 + (body.cursor ?? 0), column: body.cursorColumn ?? 0 },
    };
  }

  key(key: Key): void {
    this.#message = undefined;
    const view = this.#view;
    const isTyping = view.isTyping();
    // Text that is pasted where none is typed is no key.
    if (key.name === 'paste' && !isTyping) return;
    if (view.key(key, this.#scene(), this)) return;
    if (isTyping) return;
    this.#generalKey(key);
  }

  redraw(): void {
    this.#host?.redraw();
  }

  open(view: View): void {
    this.#stack.push(view);
    this.#collector.soon();
  }

  back(): void {
    if (this.#stack.length > 1) this.#stack.pop()!.close?.();
    else if (this.#view.tab !== 1) this.#stack = [this.#tabs[0]!];
  }

  show(tab: number): void {
    for (const view of this.#stack.slice(1)) view.close?.();
    this.#stack = [this.#tabs[tab - 1]!];
    this.#collector.soon();
  }

  say(text: string): void {
    this.#message = text;
    this.redraw();
  }

  openTopic(topic: string): void {
    const configs = topicConfigs(this.#collector.cluster, topic, () => this.redraw());
    this.open(topicView(topic, configs));
  }

  openGroup(group: string): void {
    this.open(groupView(group, new StuckRecords(this.#records)));
  }

  openRecords(topic: string, partition?: number): void {
    const partitions = this.#snapshot.topics.find((each) => each.topic === topic)?.partitions ?? 1;
    this.open(openRecords(this.#records, topic, partition, partitions));
  }

  get #records() {
    return { context: this.#context, formats: this.#reading, cluster: this.#collector.cluster, actions: this };
  }

  get #view(): View {
    return this.#stack.at(-1)!;
  }

  #scene(): Scene {
    return { snapshot: this.#snapshot, where: this.#where, now: Date.now(), isPaused: this.#collector.paused };
  }

  #generalKey({ name }: Key): void {
    const copy = (text: string): boolean => this.#host!.copy(text);
    if (name === 'q') this.#ended?.quit();
    else if (['1', '2', '3', '4'].includes(name)) this.show(Number(name));
    else if (name === 'tab') this.show(((this.#view.tab ?? this.#stack[0]!.tab!) % this.#tabs.length) + 1);
    else if (name === 'shift-tab') this.show((((this.#view.tab ?? this.#stack[0]!.tab!) + 2) % this.#tabs.length) + 1);
    else if (name === 'escape' || name === 'left' || name === 'backspace') this.back();
    else if (name === '?' || name === 'h' || name === 'f1') this.open(helpView(this.#view));
    else if (name === 'space') this.#pause();
    else if (name === 'r') {
      this.#collector.refresh();
      this.say('asking');
    } else if (name === '+' || name === '-') this.#changeInterval(name === '+');
    else if (name === 'P') this.#chooseProfile();
    else if (name === 'y') this.say(this.#clipboard.value(this.#view, this.#scene(), copy));
    else if (name === 'Y') this.say(this.#clipboard.command(this.#view, this.#scene(), copy));
  }

  #pause(): void {
    this.#collector.paused = !this.#collector.paused;
    if (!this.#collector.paused) this.#collector.soon();
  }

  #changeInterval(longer: boolean): void {
    const now = this.#collector.intervalMs;
    const next = longer ? intervalsMs.find((each) => each > now) : intervalsMs.findLast((each) => each < now);
    this.#collector.intervalMs = next ?? now;
    this.say(`asks every ${this.#collector.intervalMs / 1000} s`);
  }

  #chooseProfile(): void {
    const choose = (profile: string): void => {
      void this.#connections.open(profile, this.#collector.intervalMs).then((opened) => {
        if (opened) this.#changeTo(profile, opened);
      });
    };
    const close = () => this.#connections.forget();
    this.open(profilesView({ profiles: this.#connections.list(), choose, close }, this.#where));
  }

  #changeTo(profile: string, { collector, snapshot }: { collector: Collector; snapshot: Snapshot }): void {
    const before = this.#collector;
    for (const view of this.#stack) view.close?.();
    this.#collector = collector;
    this.#snapshot = snapshot;
    this.#where = profile;
    // A schema's id means something else in another registry.
    if (this.#reading.schemas)
      this.#reading = { ...this.#reading, keyFormat: undefined, valueFormat: undefined, schemas: undefined };
    this.#tabs = newTabs();
    this.#stack = [this.#tabs[0]!];
    this.#collect();
    before.stop();
    void before.cluster.close();
    // A warning may have been written over the screen.
    this.#host?.repaint();
  }

  /** Tells the collector what is in sight. */
  #look(): void {
    const before = this.#collector.focus;
    const focus: Focus = { ...noFocus, ...this.#view.focus() };
    this.#collector.focus = focus;
    if (focus.topic !== before.topic) this.#snapshot = this.#collector.snapshot();
  }

  #collect(): void {
    const collector = this.#collector;
    collector.isShown = () => this.#host?.shown() !== false;
    const take = (snapshot: Snapshot): void => {
      if (collector !== this.#collector) return;
      this.#snapshot = snapshot;
      this.redraw();
    };
    collector.run(take, take).catch((error: unknown) => {
      if (collector !== this.#collector) return;
      this.#ended?.fail(error);
    });
  }
}

function newTabs(): readonly View[] {
  return [overviewView(), topicsView(), groupsView(), brokersView()];
}
