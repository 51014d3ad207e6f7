/** Every command there is, in the order help shows them: the only registration. A command's module is loaded when it is chosen. */
import type { Registration } from '../cli/catalog.ts';

export const commands: readonly Registration[] = [
  {
    name: 'completion',
    summary: 'Print the completion script for a shell',
    load: () => import('./completion.ts').then((module) => module.completion),
  },
  {
    name: 'complete',
    summary: 'Print the names that completion offers',
    hidden: true,
    load: () => import('./complete.ts').then((module) => module.complete),
  },
  {
    name: 'man',
    summary: 'Print a manual page',
    hidden: true,
    load: () => import('./man.ts').then((module) => module.man),
  },
];
