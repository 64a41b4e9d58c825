/** What all files of a run are called: `{name}_{env}_{YYYYMMDD_HHMMSS}`, local time: people look for it. */
export function runName(name: string, environment: string, startedAt: Date): string {
  return `${name}_${environment.replace(/[^\w.-]/g, '_')}_${stamp(startedAt)}`;
}

function stamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}_${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}
