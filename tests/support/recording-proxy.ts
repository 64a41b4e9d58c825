import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A proxy that records what clients send, chunk by chunk. */
export interface RecordingProxy {
  readonly port: number;
  /** The chunks since the last {@link reset}, by connection, in order. */
  chunks(): readonly Buffer[][];
  reset(): void;
  close(): Promise<void>;
}

export async function recordingProxy(targetPort: number): Promise<RecordingProxy> {
  const connections: { chunks: Buffer[]; client: net.Socket }[] = [];
  const server = net.createServer((client) => {
    const connection = { chunks: [] as Buffer[], client };
    connections.push(connection);
    const target = net.connect(targetPort, '127.0.0.1');
    client.on('data', (data) => {
      connection.chunks.push(data);
      target.write(data);
    });
    target.pipe(client);
    client.on('error', () => target.destroy()).on('close', () => target.destroy());
    target.on('error', () => client.destroy()).on('close', () => client.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    chunks: () => connections.map(({ chunks }) => chunks).filter((chunks) => chunks.length > 0),
    reset() {
      for (const connection of connections) connection.chunks = [];
    },
    async close() {
      for (const { client } of connections) client.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The lengths of the TLS records in what a client sent (RFC 8446, 5.1). */
export function tlsRecords(bytes: Buffer): number[] {
  const lengths: number[] = [];
  for (let at = 0; at + 5 <= bytes.length; at += 5 + bytes.readUInt16BE(at + 3))
    lengths.push(bytes.readUInt16BE(at + 3));
  return lengths;
}
