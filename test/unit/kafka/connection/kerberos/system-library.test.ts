/** Where the Kerberos library is looked for, and what is said where there is none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NoTicket } from '../../../../../src/kafka/connection/kerberos/no-ticket.ts';
import { type Runtime, systemLibrary } from '../../../../../src/kafka/connection/kerberos/system-library.ts';

const file = 'libgssapi_krb5.so.2';
const linux: Runtime = { platform: 'linux', arch: 'x64', env: {}, calls: true, exists: () => false };
const withFiles = (...paths: readonly string[]): Runtime => ({ ...linux, exists: (path) => paths.includes(path) });

test('it is found where Debian, Fedora and Arch have it, or where LD_LIBRARY_PATH says', () => {
  const debian = `/usr/lib/x86_64-linux-gnu/${file}`;
  assert.equal(systemLibrary(withFiles(debian, `/lib/${file}`)), debian);
  const arm = `/usr/lib/aarch64-linux-gnu/${file}`;
  assert.equal(systemLibrary({ ...withFiles(debian, arm), arch: 'arm64' }), arm);
  assert.equal(systemLibrary(withFiles(`/usr/lib64/${file}`)), `/usr/lib64/${file}`);
  const own = `/opt/krb5/lib/${file}`;
  assert.equal(systemLibrary({ ...withFiles(debian, own), env: { LD_LIBRARY_PATH: '.::/opt/krb5/lib' } }), own);
  assert.match(systemLibrary({ ...linux, platform: 'darwin' }), /GSS\.framework/);
});

test('a library in the folder where kt runs is never taken', () => {
  assert.throws(() => systemLibrary({ ...withFiles(file, `./${file}`), env: { LD_LIBRARY_PATH: '.:' } }), NoTicket);
});

test('where there is none that can be called, it is said what to do', () => {
  for (const [runtime, why, hint] of [
    [{ ...linux, calls: false }, /which Node cannot call/, /the binary/],
    [{ ...linux, platform: 'win32' }, /Linux and macOS only/, /WSL/],
    [linux, /no libgssapi_krb5\.so\.2 in \/usr\/lib\/x86_64-linux-gnu, /, /libgssapi-krb5-2/],
  ] as const) {
    assert.throws(
      () => systemLibrary(runtime),
      (error) => error instanceof NoTicket && why.test(error.message) && hint.test(error.hint),
    );
  }
});
