/** Where Artillery's leader never ends once a machine has ended with another exit code than 0, by the variable that is set there. */
const ENDS_WITH_ZERO = { AWS_LAMBDA_FUNCTION_NAME: 'Lambda', AQS_QUEUE_NAME: 'ACI' } as const;

/**
 * The exit code of this process, where it would be `code` anywhere else. On Lambda and ACI it is 0, which is said on stderr.
 */
export function exitCodeHere(
  code: number,
  env: Readonly<Record<string, string | undefined>> = process.env,
  say: (line: string) => void = (line) => void process.stderr.write(line),
): number {
  const platform = Object.entries(ENDS_WITH_ZERO).find(([variable]) => env[variable])?.[1];
  if (platform === undefined || code === 0) return code;
  say(`The exit code is 0 instead of ${code}: on ${platform}, any other would keep Artillery's leader from ending\n`);
  return 0;
}
