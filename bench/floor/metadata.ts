/**
 * The least that listing topics can cost: one Metadata request over a bare socket of Bun's, and the answer written as it is. Takes a port and the
 * request as hexadecimal bytes. `process.stdout` would be no floor: loading it takes 9 ms, two thirds of such a run.
 */
import { writeSync } from 'node:fs';

interface Socket {
  write(bytes: Buffer): number;
}

interface Runtime {
  readonly Bun: {
    connect(to: {
      hostname: string;
      port: number;
      socket: { open(socket: Socket): void; data(socket: Socket, chunk: Buffer): void };
    }): Promise<unknown>;
  };
}

const [port, request = ''] = process.argv.slice(2);
let received = Buffer.alloc(0);
void (globalThis as unknown as Runtime).Bun.connect({
  hostname: '127.0.0.1',
  port: Number(port),
  socket: {
    open: (socket) => void socket.write(Buffer.from(request, 'hex')),
    data(_, chunk) {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      writeSync(1, received);
      process.exit();
    },
  },
});
