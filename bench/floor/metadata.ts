/** The least that listing topics can cost: one Metadata request over a bare socket. Takes a port and the request as hexadecimal bytes. */
import { connect } from 'node:net';

const [port, request = ''] = process.argv.slice(2);
const socket = connect({ host: '127.0.0.1', port: Number(port) });
socket.write(Buffer.from(request, 'hex'));
let received = Buffer.alloc(0);
socket.on('data', (chunk) => {
  received = Buffer.concat([received, chunk]);
  if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
  process.stdout.write(received);
  socket.destroy();
});
