/** A proxy for a broker that makes a Kafka 2.1 of it, as far as can be seen from its APIs: it has none that came later. */
import net from 'node:net';
import { listen, type TestServer } from './servers.ts';

/** DeleteGroups, the last one that Kafka 2.1 has. */
const newestApi = 42;
/** Nobody has such a key. */
const away = 20_000;

/** Passes everything on to `localhost:port` and back, but the broker's first answer, in which it says what it has. */
export function oldBroker(target: number): Promise<TestServer> {
  return listen((socket) => {
    const upstream = net.connect(target, 'localhost');
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.pipe(upstream);
    let first: Buffer | undefined = Buffer.alloc(0);
    upstream.on('data', (chunk: Buffer) => {
      if (!first) return void socket.write(chunk);
      first = Buffer.concat([first, chunk]);
      if (first.length < 4 || first.length < 4 + first.readInt32BE(0)) return;
      socket.write(withoutNewApis(first));
      first = undefined;
    });
  });
}

/** ApiVersions up to version 2: length, correlation id, error code, count; then key, oldest and newest version of each API. */
function withoutNewApis(answer: Buffer): Buffer {
  const [countAt, apiBytes] = [10, 6];
  for (let left = answer.readInt32BE(countAt), at = countAt + 4; left > 0; left--, at += apiBytes) {
    const key = answer.readInt16BE(at);
    if (key > newestApi) answer.writeInt16BE(away + key, at);
  }
  return answer;
}
