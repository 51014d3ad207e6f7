/** kt's folders on each system, as its variables and its way of writing paths have them. */
import assert from 'node:assert/strict';
import { posix, win32 } from 'node:path';
import { test } from 'node:test';
import { ktFolder } from '../../../src/base/folders.ts';

test('Linux and macOS: below the home, or where XDG says', () => {
  const of = (env: Record<string, string>) => (['config', 'data', 'cache'] as const).map((kind) => ktFolder(kind, env, posix));
  assert.deepEqual(of({ HOME: '/home/ada' }), ['/home/ada/.config/kt', '/home/ada/.local/share/kt', '/home/ada/.cache/kt']);
  const xdg = { XDG_CONFIG_HOME: '/c', XDG_DATA_HOME: '/d', XDG_CACHE_HOME: 'relative' };
  assert.deepEqual(of({ HOME: '/home/ada', ...xdg }), ['/c/kt', '/d/kt', '/home/ada/.cache/kt']);
  assert.deepEqual(of({}), [undefined, undefined, undefined]);
});

test('Windows: below the profile of the user, or the home that a shell such as that of Git sets', () => {
  const config = (env: Record<string, string>) => ktFolder('config', env, win32);
  assert.equal(config({ USERPROFILE: 'C:\\Users\\ada' }), 'C:\\Users\\ada\\.config\\kt');
  assert.equal(config({ USERPROFILE: 'C:\\Users\\ada', HOME: 'D:\\home' }), 'D:\\home\\.config\\kt');
  assert.equal(config({ USERPROFILE: 'C:\\Users\\ada', XDG_CONFIG_HOME: 'D:\\settings' }), 'D:\\settings\\kt');
  assert.equal(config({ USERPROFILE: 'C:\\Users\\ada', XDG_CONFIG_HOME: 'settings' }), 'C:\\Users\\ada\\.config\\kt');
});
