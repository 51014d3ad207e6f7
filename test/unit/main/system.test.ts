/** What a process can know and do on each system: whether it has a terminal, Ctrl-Z, and a hangup that nohup keeps away. */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hangupIsIgnored, mayBeTerminal, stopGroup } from '../../../src/io/system.ts';

const folder = mkdtempSync(join(tmpdir(), 'kt-system-'));
after(() => rmSync(folder, { recursive: true }));

test('neither a file nor the null device is a terminal, and one that is closed is none; Windows has to ask', () => {
  const file = openSync(join(folder, 'file'), 'w');
  const nothing = openSync(devNull, 'w');
  for (const fd of [file, nothing, 9_999]) {
    assert.equal(mayBeTerminal(fd, 'linux'), false);
    assert.equal(mayBeTerminal(fd, 'darwin'), false);
    assert.equal(mayBeTerminal(fd, 'win32'), true);
  }
  closeSync(file);
  closeSync(nothing);
});

test('Ctrl-Z stops the whole pipeline, and does nothing on Windows, which has no shell that could continue it', () => {
  const sent: unknown[] = [];
  for (const system of ['linux', 'darwin', 'win32'] as const)
    stopGroup(system, (group, signal) => sent.push([system, group, signal]));
  assert.deepEqual(sent, [
    ['linux', 0, 'SIGTSTP'],
    ['darwin', 0, 'SIGTSTP'],
  ]);
});

test('a hangup that nohup keeps away: Linux tells, elsewhere it is a run without a terminal', () => {
  const status = (ignored: string) => {
    const file = join(folder, `status-${ignored}`);
    writeFileSync(file, `SigBlk:\t0000000000000000\nSigIgn:\t${ignored}\nSigCgt:\t0000000000000001\n`);
    return file;
  };
  const [kept, ignored] = [status('0000000000001000'), status('0000000000001001')];
  for (const hasTerminal of [true, false]) {
    assert.equal(hangupIsIgnored('linux', hasTerminal, kept), false);
    assert.equal(hangupIsIgnored('linux', hasTerminal, ignored), true);
    // A Linux without /proc, and the others.
    assert.equal(hangupIsIgnored('linux', hasTerminal, join(folder, 'absent')), !hasTerminal);
    assert.equal(hangupIsIgnored('darwin', hasTerminal, ignored), !hasTerminal);
  }
});
