import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FINDINGS } from '../../model/findings.ts';
import { root } from '../support/artillery.ts';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'plugin/README.md',
  ...fs.globSync('docs/*.md', { cwd: root }),
];
const read = (page: string) => fs.readFileSync(path.join(root, page), 'utf8');
const withoutCode = (text: string) => text.replace(/^ *```.*?^ *```$/gms, '');

/** The anchors that GitHub makes of the headings of a page. */
const anchorsOf = (page: string): string[] =>
  [...withoutCode(read(page)).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(pages)('%s', (page) => {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);

  it('links only to files and headings that exist', () => {
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(path.dirname(page), file);
      if (!fs.existsSync(path.join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe('README.md', () => {
  it('has at most 150 lines', () => expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150));

  it('leads to every page of docs/', () => {
    for (const page of pages.filter((one) => one.startsWith('docs/')))
      expect(read('README.md')).toContain(`](${page})`);
  });

  it('names only findings that there are', () => {
    const table = /## What it catches\n(.*?)\n## /s.exec(read('README.md'))?.[1] ?? '';
    const named = [...table.matchAll(/`([a-z-]+)`/g)].map(([, id]) => id);
    expect(named.length).toBeGreaterThan(10);
    for (const id of named) expect(FINDINGS.map((finding) => finding.id)).toContain(id);
  });
});

it('docs/security.md names only tests that there are', () => {
  const named = [...read('docs/security.md').matchAll(/`([\w/-]+\.\w+\.ts)`/g)].map(([, file = '']) => file);
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((file) => !fs.existsSync(path.join(root, 'tests', file)))).toEqual([]);
});
