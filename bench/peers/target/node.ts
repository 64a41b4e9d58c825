// node bench/peers/target/node.ts DATABASE-PORT
//
// The target in Node: POST /book/{seat} asks the database whether the seat is free, and then sells it. It speaks HTTP/1.1 on
// one port and HTTP/2 without TLS on another, prints both as a line of JSON, and exits when stdin ends.

import { answer, type Request, type Response, serveOnBothPorts } from '../../target/serve.ts';
import { connectDatabase } from './client.ts';

const SEAT = /^\/book\/([\w-]+)$/;

const database = await connectDatabase(Number(process.argv[2]));

await serveOnBothPorts(serve, '127.0.0.1');

function serve(request: Request, response: Response): void {
  const seat = SEAT.exec(request.url ?? '')?.[1];
  request.resume();
  request.on('end', async () => {
    if (seat === undefined) return answer(response, 404, { message: 'not found' });
    const word = await database.ask(`ask ${seat}`);
    if (word === 'free') await database.ask(`sell ${seat}`);
    if (word === 'taken') answer(response, 409, { message: 'taken' });
    else answer(response, 201, { order_id: seat });
  });
}
