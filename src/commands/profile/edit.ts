/** `kt profile edit`: the config file in the user's editor, checked afterwards. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { usageError } from '../../base/errors.ts';
import { rows } from '../../cli/shape.ts';
import { command } from '../../context.ts';
import { readProfiles, requiredPath } from '../../settings/profile-file.ts';

interface Edited {
  readonly path: string;
  readonly profiles: number;
}

const firstText = `# Named clusters for kt: kt profile add NAME adds one. The keys are described in kt's reference under "Settings".
profiles: {}
`;

export const profileEdit = command({
  name: 'profile edit',
  summary: 'Open the config file in an editor',
  description:
    'Opens the file in $VISUAL or $EDITOR (vi unless set), makes it where there is none, and checks it afterwards: what is wrong in it is reported with its line.',
  args: {},
  options: {},
  shows: rows<Edited>({
    columns: [
      { header: 'PATH', get: (row) => row.path },
      { header: 'PROFILES', get: (row) => row.profiles },
    ],
    name: (row) => row.path,
    fields: { path: 'path of the config file', profiles: 'how many profiles it holds' },
  }),
  examples: [{ line: 'EDITOR=nano kt profile edit', does: 'change profiles by hand' }],
  async run({ env, signal }): Promise<readonly Edited[]> {
    const path = requiredPath(env);
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, firstText, { mode: 0o600, flag: 'wx' });
    }
    await opened(env['VISUAL'] || env['EDITOR'] || 'vi', path);
    const { profiles } = await readProfiles(path, signal);
    return [{ path, profiles: profiles.size }];
  },
});

/** Runs the editor, which may be several words (`code --wait`), until it ends. @throws KtError `usage` when it fails */
function opened(editor: string, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', path], { stdio: 'inherit' });
    const failed = (why: string) =>
      reject(usageError(`the editor failed (${editor}: ${why})`, `export EDITOR=nano, or edit ${path}`));
    child.on('error', (error) => failed(error.message));
    child.on('close', (code) => (code === 0 ? resolve() : failed(`exit code ${code}`)));
  });
}
