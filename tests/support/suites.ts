/** Tiny builders of Artillery scripts. */

export const SEATS = ['A1', 'A2', 'A3'];

/** The request that races: it books a seat, by default the one of this round. */
export const book = (seat = '{{ $loopElement }}', more: object = {}): object => ({
  post: { url: '/book', json: { seat, vu: '{{ $vu }}' }, race: seat, ...more },
});

/** Repeats the steps for each seat. */
export const eachSeat = (...steps: readonly object[]): object => ({ loop: steps, over: '$inventories' });

export interface Suite {
  /** More of the plugin's block. */
  readonly race?: object | undefined;
  /** How many virtual users; by default 10. */
  readonly vus?: number;
  /** More of `config`. */
  readonly config?: { readonly plugins?: object; readonly [key: string]: unknown };
  /** By default, each virtual user books each seat. */
  readonly flow?: readonly object[];
  /** More of the scenario. */
  readonly scenario?: object;
}

/** A small suite of a shape of its own: no processor, and other paths and fields than the order race has. */
export const suiteFor = (target: string, { race, vus = 10, config, flow, scenario }: Suite = {}): object => ({
  config: {
    target,
    phases: [{ duration: 1, arrivalCount: vus }],
    ...config,
    plugins: { race: { inventories: SEATS, ...race }, ...config?.plugins },
  },
  scenarios: [{ flow: flow ?? [eachSeat(book())], ...scenario }],
});
