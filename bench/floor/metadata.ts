/** The least that listing topics can cost: one Metadata request over a bare socket of Bun's. Takes a port and the request as hexadecimal bytes. */
interface Socket {
  write(bytes: Buffer): number;
  terminate(): void;
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
    data(socket, chunk) {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      process.stdout.write(received);
      socket.terminate();
    },
  },
});
