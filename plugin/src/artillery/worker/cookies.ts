import type { Cookies } from '../../gate/index.ts';
import type { CookieJar, VuContext } from '../shared/artillery.ts';

/**
 * Drops cookies that the jar of a virtual user refuses, such as one for another domain. Artillery's HTTP client takes the error
 * for one of the connection, and ends the whole worker, and so the run, after the answer was there.
 */
export function dropBadCookies(jar: CookieJar, dropped: () => void): void {
  const setCookie = jar.setCookie.bind(jar);
  jar.setCookie = async (cookie, url) => {
    try {
      return await setCookie(cookie, url);
    } catch {
      dropped();
      return undefined;
    }
  };
}

/** The cookies of a virtual user, for the redirects that the gate follows. */
export const cookiesOf = (context: VuContext): Cookies => ({
  header(url) {
    try {
      return context._jar.getCookieStringSync(url);
    } catch {
      return '';
    }
  },
  store(setCookie, url) {
    context._enableCookieJar = true;
    // A bad one is dropped by `setCookie`, which does not throw.
    void context._jar.setCookie(setCookie, url);
  },
});
