/** What `y` and `Y` copy; whether it arrives no terminal tells. */
import type { Scene, View } from './view.ts';

export class Clipboard {
  /** The command to print when kt ends, for terminals that refuse to copy. */
  printed: string | undefined;
  #command: string | undefined;

  /** @returns what to say */
  value(view: View, scene: Scene, copy: (text: string) => void): string {
    const value = view.value?.(scene);
    if (value === undefined) return 'nothing to copy here';
    copy(value);
    return "sent to the terminal's clipboard";
  }

  /** The kt command that shows the same; asked for again, it is printed at the end. @returns what to say */
  command(view: View, scene: Scene, copy: (text: string) => void): string {
    const command = view.command?.(scene);
    if (command === undefined) return 'no command shows this';
    this.printed = this.#command === command ? command : undefined;
    this.#command = command;
    copy(command);
    return this.printed ? `printed when kt ends: ${command}` : `sent to the terminal's clipboard: ${command}`;
  }
}
