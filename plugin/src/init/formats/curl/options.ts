import { parseArgs } from 'node:util';

/** The options of curl that take a value and matter here. */
const MEANT = {
  request: 'X',
  url: undefined,
  header: 'H',
  data: 'd',
  'data-ascii': undefined,
  'data-raw': undefined,
  'data-binary': undefined,
  'data-urlencode': undefined,
  json: undefined,
  form: 'F',
  'form-string': undefined,
  cookie: 'b',
  user: 'u',
  'oauth2-bearer': undefined,
  referer: 'e',
  'url-query': undefined,
  'user-agent': 'A',
} as const;
/** Those that take one and do not: it must not be read as a URL. */
const SKIPPED =
  'abstract-unix-socket,alt-svc,aws-sigv4,cacert,capath,cert:E,cert-type,ciphers,config:K,connect-timeout,connect-to,continue-at:C,cookie-jar:c,create-file-mode,crlfile,curves,delegation,dns-interface,dns-ipv4-addr,dns-ipv6-addr,dns-servers,doh-url,dump-header:D,ech,egd-file,engine,etag-compare,etag-save,expect100-timeout,ftp-account,ftp-alternative-to-user,ftp-method,ftp-port:P,ftp-ssl-ccc-mode,happy-eyeballs-timeout-ms,haproxy-clientip,hostpubmd5,hostpubsha256,hsts,interface,ip-tos,ipfs-gateway,keepalive-cnt,keepalive-time,key,key-type,knownhosts,krb,krb4,libcurl,limit-rate,local-port,login-options,mail-auth,mail-from,mail-rcpt,max-filesize,max-redirs,max-time:m,netrc-file,noproxy,output:o,output-dir,parallel-max,parallel-max-host,pass,pinnedpubkey,preproxy,proto,proto-default,proto-redir,proxy:x,proxy-cacert,proxy-capath,proxy-cert,proxy-cert-type,proxy-ciphers,proxy-crlfile,proxy-header,proxy-key,proxy-key-type,proxy-pass,proxy-pinnedpubkey,proxy-service-name,proxy-tls13-ciphers,proxy-tlsauthtype,proxy-tlspassword,proxy-tlsuser,proxy-user:U,proxy1.0,pubkey,quote:Q,random-file,range:r,rate,request-target,resolve,retry,retry-delay,retry-max-time,sasl-authzid,service-name,sigalgs,socks4,socks4a,socks5,socks5-gssapi-service,socks5-hostname,speed-limit:Y,speed-time:y,ssl-sessions,stderr,telnet-option:t,tftp-blksize,time-cond:z,tls-max,tls13-ciphers,tlsauthtype,tlspassword,tlsuser,trace,trace-ascii,trace-config,unix-socket,upload-file:T,upload-flags,variable,vlan-priority,write-out:w'.split(
    ',',
  );
/** Those without a value that have a short name: they may stand together, as in `-sSLd`. */
const FLAGS = {
  get: 'G',
  head: 'I',
  compressed: undefined,
  next: ':',
  ...shortFlags('#0123456789BJLMNORSZafgijklnpqsv'),
};

function shortFlags(letters: string): Record<string, string> {
  return Object.fromEntries([...letters].map((letter) => [`flag-${letter}`, letter]));
}

const withShort = (type: 'string' | 'boolean', short: string | undefined) => ({
  type,
  multiple: true,
  ...(short !== undefined && { short }),
});

const OPTIONS = {
  ...Object.fromEntries(Object.entries(MEANT).map(([name, short]) => [name, withShort('string', short)])),
  ...Object.fromEntries(
    SKIPPED.map((text) => text.split(':')).map(([name = '', short]) => [name, withShort('string', short)]),
  ),
  ...Object.fromEntries(Object.entries(FLAGS).map(([name, short]) => [name, withShort('boolean', short)])),
};

/** An option of curl with its value, or a URL. */
export interface CurlWord {
  /** Its long name; `url` for a URL that stands alone. */
  readonly option: string;
  readonly value: string;
}

/** Whether this is an option of curl whose value, if it has one, is known to be one. */
export const isKnown = (option: string): boolean => Object.hasOwn(OPTIONS, option);

/** The options of one curl command, in order. */
export function curlOptions(words: readonly string[]): CurlWord[] {
  const { tokens } = parseArgs({
    args: [...words],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  return tokens.flatMap((token): CurlWord[] => {
    // A bracket of the shell around the command is no URL.
    if (token.kind === 'positional') return /\w/.test(token.value) ? [{ option: 'url', value: token.value }] : [];
    return token.kind === 'option' ? [{ option: token.name, value: token.value ?? '' }] : [];
  });
}
