/** One row of the chart. */
export interface Strip {
  readonly panel: string;
  readonly title: string;
  readonly values: readonly number[];
  readonly isOurs: boolean;
}

const WIDTH = 860;
const LABELS = 210;
const RIGHT = 30;
const ROW = 26;
const HEAD = 44;
const PANEL_HEAD = 30;
const FOOT = 30;

/** The left edge of the scale, which has no zero. Rounds that left in one segment have no spread and appear here. */
const LEAST = 0.01;

/** Draws every value as a dot on a logarithmic scale, one row per arm. A bar marks the median of the row. */
export function stripChart(title: string, strips: readonly Strip[]): string {
  const panels = [...Map.groupBy(strips, (strip) => strip.panel)];
  const most = Math.max(1, ...strips.flatMap((strip) => strip.values));
  const decades = Math.ceil(Math.log10(most / LEAST));
  const x = (value: number) =>
    LABELS + ((WIDTH - LABELS - RIGHT) * Math.log10(Math.max(LEAST, value) / LEAST)) / decades;
  const height = HEAD + panels.length * PANEL_HEAD + strips.length * ROW + FOOT;
  const bottom = height - FOOT;

  const parts: string[] = [];
  for (let decade = 0; decade <= decades; decade++) {
    const at = x(LEAST * 10 ** decade).toFixed(1);
    const label = decade === 0 ? `≤ ${LEAST}` : Number((LEAST * 10 ** decade).toPrecision(1)).toLocaleString('en');
    parts.push(`<path class="grid" d="M${at} ${HEAD}V${bottom}"/>`);
    parts.push(`<text class="tick" x="${at}" y="${bottom + 18}">${label}</text>`);
  }
  let y = HEAD;
  for (const [panel, rows] of panels) {
    parts.push(`<text class="panel" x="16" y="${y + 20}">${escaped(panel)}</text>`);
    y += PANEL_HEAD;
    for (const row of rows) {
      parts.push(rowOf(row, y + ROW / 2, x));
      y += ROW;
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" role="img">
<title>${escaped(title)}</title>
<style>
  text { font: 13px system-ui, sans-serif; fill: #24292f }
  .title, .panel { font-weight: 600 }
  .tick { text-anchor: middle; fill: #57606a; font-size: 11px }
  .grid { stroke: #d8dee4 }
  circle { fill: #8c959f; fill-opacity: .45 }
  .ours circle { fill: #0969da }
  .median { stroke: #24292f; stroke-width: 2 }
</style>
<rect width="100%" height="100%" fill="#fff"/>
<text class="title" x="16" y="26">${escaped(title)}</text>
${parts.join('\n')}
</svg>
`;
}

function rowOf({ title, values, isOurs }: Strip, y: number, x: (value: number) => number): string {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  const bar = middle === undefined ? '' : `<path class="median" d="M${x(middle).toFixed(1)} ${y - 8}v16"/>`;
  const dots = sorted.map((value) => `<circle cx="${x(value).toFixed(1)}" cy="${y}" r="4"/>`).join('');
  const label = `<text x="32" y="${y + 4}">${escaped(title)}</text>`;
  return `<g${isOurs ? ' class="ours"' : ''}>${label}${dots}${bar}</g>`;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
