import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { temporaryFolder } from '../support/fixtures.ts';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What a registry tells about a package, and where its archive is. */
interface Offer {
  readonly manifest: object;
  readonly archive: string;
}

/**
 * An npm registry on the loopback that has the packages that are installed in this clone, each in that one version. Artillery
 * comes without its 500 dependencies, which are most of what an installation takes; `resolve-from-clone.mjs` finds them.
 */
export async function cloneRegistry(root: string): Promise<{ url: string; close: () => void }> {
  const folder = temporaryFolder('registry-');
  const offers = new Map<string, Offer>();
  const offerOf = (name: string): Offer => {
    const known = offers.get(name);
    if (known !== undefined) return known;
    const made = packed(name, root, folder);
    offers.set(name, made);
    return made;
  };

  const server = createServer(({ url = '' }, response) => {
    const [, name = '', isArchive] = /^\/(.+?)(\/-\/.*)?$/.exec(decodeURIComponent(url)) ?? [];
    try {
      const { manifest, archive } = offerOf(name);
      if (isArchive !== undefined) return response.end(fs.readFileSync(archive));
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(documentOf(manifest as Manifest, archive, address())));
    } catch {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: address(), close };
}

function documentOf(manifest: Manifest, archive: string, address: string): object {
  const { name, version } = manifest;
  const bytes = fs.readFileSync(archive);
  const dist = {
    tarball: `${address}/${name}/-/${path.basename(archive)}`,
    integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
    shasum: createHash('sha1').update(bytes).digest('hex'),
  };
  // pnpm installs nothing that is younger than a day.
  const time = { [version]: '2020-01-01T00:00:00.000Z', modified: '2020-01-01T00:00:00.000Z' };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } }, time };
}

function packed(name: string, root: string, folder: string): Offer {
  const source = path.join(root, 'node_modules', name);
  const manifest: Manifest = createRequire(import.meta.url)(path.join(source, 'package.json'));
  const stage = path.join(folder, name.replace('/', '+'));
  fs.cpSync(source, path.join(stage, 'package'), {
    recursive: true,
    filter: (file) => !path.relative(source, file).startsWith('node_modules'),
  });
  const { devDependencies: _, ...published } = manifest as Manifest & { devDependencies?: object };
  const offered = name === 'artillery' ? { ...published, dependencies: {} } : published;
  fs.writeFileSync(path.join(stage, 'package/package.json'), JSON.stringify(offered));
  const archive = path.join(folder, `${name.replace('/', '+')}-${manifest.version}.tgz`);
  execFileSync('tar', ['-czf', archive, '-C', stage, 'package']);
  return { manifest: offered, archive };
}
