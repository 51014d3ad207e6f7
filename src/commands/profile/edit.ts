/** `kt profile edit`: the config file in the user's editor, checked afterwards. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { usageError } from '../../base/errors.ts';
import { rows } from '../../cli/shape.ts';
import { type Context, command } from '../../context.ts';
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
    'Opens the file in $VISUAL or $EDITOR (vi unless set; on Windows, notepad), makes it where there is none, and checks it afterwards: what is wrong in it is reported with its line.',
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
    await opened(editorCall(env, path), path);
    const { profiles } = await readProfiles(path, signal);
    return [{ path, profiles: profiles.size }];
  },
});

interface EditorCall {
  readonly editor: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Whether the command is a line for the system's own shell. */
  readonly shell: boolean;
}

/** How the editor is started: by a shell, since it may be several words (`code --wait`). */
export function editorCall(env: Context['env'], path: string, system: string = platform()): EditorCall {
  const given = env['VISUAL'] || env['EDITOR'];
  if (system === 'win32') {
    const editor = given || 'notepad';
    // No path has a quotation mark there.
    return { editor, command: `${editor} "${path}"`, args: [], shell: true };
  }
  const editor = given || 'vi';
  return { editor, command: 'sh', args: ['-c', `${editor} "$1"`, 'sh', path], shell: false };
}

/** Runs the editor until it ends. @throws KtError `usage` when it fails */
function opened({ editor, command, args, shell }: EditorCall, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', shell });
    const failed = (why: string) =>
      reject(usageError(`the editor failed (${editor}: ${why})`, `export EDITOR=nano, or edit ${path}`));
    child.on('error', (error) => failed(error.message));
    child.on('close', (code) => (code === 0 ? resolve() : failed(`exit code ${code}`)));
  });
}
