import { scaleLinear } from 'd3-scale';
import { type Place, placeAt, type Tick } from './geometry.ts';

/**
 * Things that took time, one below the other on one axis: attempts of a round, the operations of a client, whatever has
 * a beginning and an end. Times are milliseconds from an origin that the caller has agreed on.
 */
export interface Lane {
  readonly label: string;
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
  /** Drawn louder than the others. */
  readonly isProminent: boolean;
  /** The numbers beside the lane, one for each of the chart's figures. */
  readonly figures: readonly string[];
  /** What there is to say of it, in words. */
  readonly note: string;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  /** `waiting` is drawn thin: something was under way; `active` is drawn thick: something came. */
  readonly kind: 'waiting' | 'active';
  /** Written over the span, e.g. what an operation was; absent: nothing. */
  readonly text?: string;
}

/** `point` is an instant at which something took effect. */
export interface Mark {
  readonly atMs: number;
  readonly kind: 'booked' | 'refused' | 'unknown' | 'point';
}

/** The lanes ready to be drawn: `lanes.hbs` shows it, and nothing here is HTML. */
export interface LanesChart {
  /** What the table is called by those who cannot see it. */
  readonly caption: string;
  /** What a lane is, e.g. `VU`. */
  readonly head: string;
  readonly ticks: readonly Tick[];
  /** What the numbers beside the lanes are called. */
  readonly figures: readonly string[];
  /** What the words beside the lanes are called. */
  readonly note: string;
  /** Some span has something written over it: the lanes need the height. */
  readonly isWritten: boolean;
  readonly lanes: readonly LaneView[];
}

interface LaneView {
  readonly label: string;
  readonly isProminent: boolean;
  readonly spans: readonly SpanView[];
  readonly marks: readonly MarkView[];
  readonly figures: readonly string[];
  readonly note: string;
}

interface SpanView {
  readonly x: Place;
  readonly width: Place;
  readonly kind: Span['kind'];
  readonly text: string;
  /** From which end the text is written: near the end of the drawing it would run out of it. */
  readonly anchor: 'start' | 'end';
}

interface MarkView {
  readonly x: Place;
  readonly kind: Mark['kind'];
  readonly glyph: string;
}

/** Of the drawing's width: the glyph behind the last mark has room. */
const EDGES = [0.01, 0.94] as const;

/** The same symbols as on the console: colour is never the only difference. */
const GLYPHS = { booked: '✓', refused: '✗', unknown: '?', point: '●' } as const satisfies Record<Mark['kind'], string>;

/** Beyond this share of the drawing, a text is written towards the front. */
const LATE = 0.8;
/** Texts that begin closer to each other than this would be written over each other: the words beside the lane have all. */
const APART = 0.16;

/** A span that is this many times longer than what was answered would leave nothing to see of the rest: it is cut. */
const LONGEST = 4;

export type LanesOptions = Pick<LanesChart, 'caption' | 'head' | 'figures' | 'note'>;

/** The geometry of some lanes on one axis, which begins at the earliest of them, or at 0. */
export function lanesChart(lanes: readonly Lane[], options: LanesOptions): LanesChart {
  const at = scaleLinear(domainOf(lanes), [...EDGES]).clamp(true);
  return {
    ...options,
    isWritten: lanes.some(({ spans }) => spans.some(({ text }) => text !== undefined)),
    ticks: at.ticks(4).map((ms) => ({ at: placeAt(at(ms)), label: ms.toLocaleString('en-US') })),
    lanes: lanes.map(({ label, isProminent, spans, marks, figures, note }) => ({
      label,
      isProminent,
      figures,
      note,
      spans: spansView(spans, at),
      marks: marks.map(({ atMs, kind }) => ({ x: placeAt(at(atMs)), kind, glyph: GLYPHS[kind] })),
    })),
  };
}

function spansView(spans: readonly Span[], at: (ms: number) => number): readonly SpanView[] {
  let writtenAt = -Infinity;
  return spans.map(({ fromMs, toMs, kind, text = '' }) => {
    const [from, to] = [at(fromMs), at(toMs)];
    const isLegible = text !== '' && from - writtenAt >= APART;
    if (isLegible) writtenAt = from;
    return {
      x: placeAt(from),
      width: placeAt(to - from),
      kind,
      text: isLegible ? text : '',
      anchor: from > LATE ? 'end' : 'start',
    };
  });
}

/** From the first instant to the last one that says something: an attempt without an answer ends at a deadline. */
function domainOf(lanes: readonly Lane[]): [number, number] {
  const instants = (its: readonly Lane[]) =>
    its.flatMap(({ spans, marks }) => [
      ...spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
      ...marks.map(({ atMs }) => atMs),
    ]);
  const all = instants(lanes);
  const settled = instants(lanes.filter(({ marks }) => marks.every(({ kind }) => kind !== 'unknown')));
  const [first, last] = [Math.min(0, ...all), Math.max(0, ...all)];
  const lastSettled = Math.max(0, ...settled);
  const end = lastSettled > 0 && last > LONGEST * lastSettled ? 1.5 * lastSettled : last;
  return [first, end > first ? end : first + 1];
}
