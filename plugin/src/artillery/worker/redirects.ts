import type { Reply } from '../../gate/index.ts';
import type { EngineResponse, RequestParams } from '../shared/artillery.ts';

/** The engine follows these by itself. */
const FOLLOWED = new Set([300, 301, 302, 303, 304, 307, 308]);
/** After these a browser asks by GET, so what was raced is not sent a second time. The gate makes that GET. */
const SAFE = new Set([301, 302, 303]);

/**
 * Has Artillery follow the redirects of a raced request only where that sends nothing a second time. Artillery waits forever
 * for what comes after a redirect that is not followed, unless the request says that none is.
 *
 * @returns to be called with each answer before the engine gets it
 */
export function limitRedirects(request: RequestParams): (reply: Reply) => void {
  const isWanted = request.followRedirect !== false;
  let followed = 0;
  const isFollowed = (status: number, location: string | undefined) =>
    isWanted && isAddress(location) && (followed > 0 ? FOLLOWED : SAFE).has(status);
  if (isWanted) {
    request.followRedirect = ({ statusCode, headers }: EngineResponse) => {
      const follows = isFollowed(statusCode, headers.location);
      if (follows) followed += 1;
      return follows;
    };
  }
  return (reply) => {
    if (reply.kind !== 'broken' && !isFollowed(reply.status, reply.headers.location)) request.followRedirect = false;
  };
}

/** The engine breaks at a location that is no address. */
function isAddress(location: string | undefined): boolean {
  const url = location === undefined ? null : URL.parse(location, 'http://localhost');
  return url !== null && /^https?:$/.test(url.protocol);
}
