// k6 run k6.js: each round is one http.batch, which sends all requests in parallel.
import http from 'k6/http';
import { Counter } from 'k6/metrics';

const contenders = Number(__ENV.CONTENDERS);
const seats = __ENV.SEATS.split(',');
const sold = new Counter('sold');

export const options = {
  batch: contenders,
  batchPerHost: contenders,
  thresholds: Object.fromEntries(seats.map((seat) => [`sold{seat:${seat}}`, ['count<=1']])),
};

export default function () {
  for (const seat of seats) {
    const params = { headers: { 'content-type': 'application/json' } };
    const request = ['POST', `${__ENV.URL}/book/${seat}`, JSON.stringify({ seat }), params];
    const answers = http.batch(Array(contenders).fill(request));
    sold.add(answers.filter((answer) => answer.status === 201).length, { seat });
  }
}
