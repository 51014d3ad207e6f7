/** Another profile: the profiles of the config file to choose from. */
import { shellWord } from '../../base/shell-word.ts';
import { alphabetical } from './list.ts';
import { listView } from './list-view.ts';
import { toned, type View } from './view.ts';

export interface ProfileRow {
  readonly name: string;
  readonly address: string;
}

/** What is under way: a text, until the chosen one answers or does not. */
export interface Switching {
  profiles(): readonly ProfileRow[] | undefined;
  choose(profile: string): void;
  /** Gives up what is under way. */
  close(): void;
}

export function profilesView(switching: Switching, where: string): View {
  return listView<ProfileRow>({
    list: {
      columns: [
        {
          header: 'PROFILE',
          width: 24,
          isName: true,
          text: ({ name }) => name,
          tone: ({ name }) => (name === where ? 'strong' : undefined),
          order: alphabetical(({ name }) => name),
          rank: 0,
        },
        { header: 'ADDRESS', isName: true, text: ({ address }) => address, rank: 1 },
      ],
      name: ({ name }) => name,
      sortedBy: 0,
    },
    rows: () => switching.profiles() ?? [],
    what: 'Profiles',
    nothing: () =>
      switching.profiles() === undefined ? 'reading the config file' : 'no profile yet; kt profile add makes one',
    title: () => [toned('Another profile', 'strong'), toned('   the current profile of the config file stays', 'dim')],
    open: ({ name }) => switching.choose(name),
    value: ({ name }) => name,
    command: ({ name }) => `kt top --profile ${shellWord(name)}`,
    hints: ['Enter connect', '/ filter'],
    close: () => switching.close(),
    help: [['Enter', 'connects beside this cluster, and changes over with its first answer']],
  });
}
