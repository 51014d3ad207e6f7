/** Notices on Linux that the reader of an idle pipe has gone. Elsewhere only the next write shows it. */
import { constants, fstatSync, openSync } from 'node:fs';

/** Too short for a person to notice, and cheap compared with following a topic. */
const pollMs = 250;

/**
 * Calls back once when nobody reads from the pipe any more; does nothing where kt cannot know. Never throws, and never keeps the
 * process alive.
 */
export async function watchPipe(fd: number, closed: () => void): Promise<void> {
  try {
    if (process.platform !== 'linux' || !fstatSync(fd).isFIFO()) return;
    if (process.versions['bun'] === undefined) await watchOnNode(fd, closed);
    else await watchOnBun(fd, closed);
  } catch {
    // The next write will notice.
  }
}

interface TcpHandles {
  readonly TCP: new (type: number) => { open(fd: number): number };
  readonly constants: { readonly SOCKET: number };
}

/**
 * Node offers no poll(2), and its pipe handle cannot listen on a write-only end. A TCP handle takes any descriptor and listens for
 * reading; epoll then reports a pipe without readers as an error. It makes its descriptor non-blocking, so it gets a newly opened one:
 * other programs that write to this pipe must not be affected.
 */
async function watchOnNode(fd: number, closed: () => void): Promise<void> {
  const { Socket } = await import('node:net');
  const { binding } = process as unknown as { binding(name: 'tcp_wrap'): TcpHandles };
  const { TCP, constants: types } = binding('tcp_wrap');
  const handle = new TCP(types.SOCKET);
  if (handle.open(openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK)) !== 0) return;
  const socket = new Socket({ handle } as object);
  socket.once('error', closed);
  socket.unref();
  socket.resume();
}

interface Ffi {
  dlopen(
    library: string,
    functions: { readonly poll: { readonly args: readonly string[]; readonly returns: string } },
  ): { readonly symbols: { poll(fds: Buffer, count: number, timeoutMs: number): number } };
}

/** Bun can call poll(2) itself. */
async function watchOnBun(fd: number, closed: () => void): Promise<void> {
  // The name is in a variable because only Bun knows this module.
  const name = 'bun:ffi';
  const { dlopen } = (await import(name)) as Ffi;
  // glibc's name; musl's loader takes every libc.* for itself (load_library in its ldso/dynlink.c).
  const { symbols } = dlopen('libc.so.6', { poll: { args: ['ptr', 'u64', 'i32'], returns: 'i32' } });
  // struct pollfd: the descriptor, and no events; a pipe without readers is always reported.
  const asked = Buffer.alloc(8);
  asked.writeInt32LE(fd, 0);
  const timer = setInterval(() => {
    if (symbols.poll(asked, 1, 0) <= 0) return;
    clearInterval(timer);
    closed();
  }, pollMs);
  timer.unref();
}
