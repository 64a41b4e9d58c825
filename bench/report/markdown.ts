/** A Markdown table. The first column is aligned left, the others right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Milliseconds with about three significant digits: `0.71`, `1.30`, `24.0`, `1,118`. */
export function ms(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value === 0) return '0';
  if (value < 10) return value.toFixed(2);
  return value < 100 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

export const times = (ratio: number): string => (Number.isFinite(ratio) ? `${ms(ratio)} ×` : '–');

export const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`;

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** Removes the backticks of Markdown. */
export const plain = (text: string): string => text.replaceAll('`', '');
