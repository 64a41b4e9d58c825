import { scaleLinear } from 'd3-scale';
import { type Percentage, percentage, type Tick } from './geometry.ts';

/**
 * A row of a timeline: an attempt, the operations of a person, anything with a beginning and an end. All lanes share one
 * axis. Times are milliseconds from an origin that the caller chooses.
 */
export interface Lane {
  readonly label: string;
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
  /** Drawn bolder than the others. */
  readonly isProminent: boolean;
  /** The numbers beside the lane, one for each of the chart's figures. */
  readonly figures: readonly string[];
  /** The words beside the lane. */
  readonly note: string;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
  /** `waiting` is drawn thin: nothing has come yet; `active` is drawn thick: something came. */
  readonly kind: 'waiting' | 'active';
  /** Written over the span, e.g. the name of the operation. */
  readonly text?: string;
}

/** `point` is an instant at which something took effect. */
export interface Mark {
  readonly atMs: number;
  readonly kind: 'booked' | 'refused' | 'unknown' | 'point';
}

/** The lanes as `lanes.hbs` draws them; nothing here is HTML. */
export interface LanesChart {
  /** The name of the table for screen readers. */
  readonly caption: string;
  /** What a lane stands for, e.g. `VU`. */
  readonly head: string;
  readonly ticks: readonly Tick[];
  /** The headings of the numbers beside the lanes. */
  readonly figures: readonly string[];
  /** The heading of the words beside the lanes. */
  readonly note: string;
  /** Some span has text over it, so the lanes are higher. */
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
  readonly x: Percentage;
  readonly width: Percentage;
  readonly kind: Span['kind'];
  readonly text: string;
  /** At which end the text is anchored: near the right edge it would leave the drawing. */
  readonly anchor: 'start' | 'end';
}

interface MarkView {
  readonly x: Percentage;
  readonly kind: Mark['kind'];
  readonly glyph: string;
}

/** The part of the width that times may take: the glyph of the last mark needs room on the right. */
const EDGES = [0.01, 0.94] as const;

/** The symbols of the console, so that colour is never the only difference. */
const GLYPHS = { booked: '✓', refused: '✗', unknown: '?', point: '●' } as const satisfies Record<Mark['kind'], string>;

/** Right of this share of the drawing, text is anchored at its end. */
const LATE = 0.8;
/** A text that begins closer than this to the one before is left out: they would overlap. The words beside the lane have it. */
const APART = 0.16;

/** A span without an answer may be this many times longer than the answered ones; beyond that it is cut, to keep them visible. */
const LONGEST = 4;

export type LanesOptions = Pick<LanesChart, 'caption' | 'head' | 'figures' | 'note'>;

/** Lays lanes out on one axis, which begins at the earliest of them, or at 0. */
export function lanesChart(lanes: readonly Lane[], options: LanesOptions): LanesChart {
  const at = scaleLinear(domainOf(lanes), [...EDGES]).clamp(true);
  return {
    ...options,
    isWritten: lanes.some(({ spans }) => spans.some(({ text }) => text !== undefined)),
    ticks: at.ticks(4).map((ms) => ({ at: percentage(at(ms)), label: ms.toLocaleString('en-US') })),
    lanes: lanes.map(({ label, isProminent, spans, marks, figures, note }) => ({
      label,
      isProminent,
      figures,
      note,
      spans: spansView(spans, at),
      marks: marks.map(({ atMs, kind }) => ({ x: percentage(at(atMs)), kind, glyph: GLYPHS[kind] })),
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
      x: percentage(from),
      width: percentage(to - from),
      kind,
      text: isLegible ? text : '',
      anchor: from > LATE ? 'end' : 'start',
    };
  });
}

/** From the first instant to the last, or not far beyond the last answer: an attempt without one ends at a timeout. */
function domainOf(lanes: readonly Lane[]): [number, number] {
  const instants = ({ spans, marks }: Lane) => [
    ...spans.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
    ...marks.map(({ atMs }) => atMs),
  ];
  const all = lanes.flatMap(instants);
  const answered = lanes.filter(({ marks }) => marks.every(({ kind }) => kind !== 'unknown')).flatMap(instants);
  const [first, last] = [Math.min(0, ...all), Math.max(0, ...all)];
  const lastAnswered = Math.max(0, ...answered);
  const end = lastAnswered > 0 && last > LONGEST * lastAnswered ? 1.5 * lastAnswered : last;
  return [first, end > first ? end : first + 1];
}
