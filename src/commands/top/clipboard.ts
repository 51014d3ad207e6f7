/** What `y` and `Y` copy; whether it arrives no terminal tells. */
import type { ScreenHost } from '../../cli/full-screen.ts';
import type { Scene, View } from './view.ts';

export class Clipboard {
  /** The command to print when kt ends, for terminals that refuse to copy. */
  printed: string | undefined;
  #command: string | undefined;

  /** @returns what to say */
  value(view: View, scene: Scene, copy: ScreenHost['copy']): string {
    const value = view.value?.(scene);
    if (value === undefined) return 'nothing to copy here';
    return copy(value)
      ? "sent to the terminal's clipboard"
      : "too long for the terminal's clipboard; Y copies the command that prints it";
  }

  /** The kt command that shows the same; asked for again, it is printed at the end. @returns what to say */
  command(view: View, scene: Scene, copy: ScreenHost['copy']): string {
    const command = view.command?.(scene);
    if (command === undefined) return 'no command shows this';
    this.printed = this.#command === command ? command : undefined;
    this.#command = command;
    copy(command);
    return this.printed ? `printed when kt ends: ${command}` : `sent to the terminal's clipboard: ${command}`;
  }
}
