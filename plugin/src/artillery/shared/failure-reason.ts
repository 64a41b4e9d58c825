const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'read-only file system',
  ENOSPC: 'no space left',
  ENOTDIR: 'not a folder',
  EEXIST: 'a file of that name is in the way',
};

/** Why a connection or a file failed, in a few words for people. */
export function failureReason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/CERT|SIGNATURE|^ENOENT|^ERR_(TLS|SSL|OSSL)/.test(code) && error instanceof Error) {
    return error.message.split('\n')[0] ?? code;
  }
  return REASONS[code] ?? (code || String(error));
}
