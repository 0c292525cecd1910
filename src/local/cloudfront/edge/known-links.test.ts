import { describe, expect, it } from 'vitest';
import type { AdmittedRequest } from './admission';
import { KnownLinks } from './known-links';
import type { Viewer } from './viewer';

const viewer = (target: string, more: Partial<Viewer> = {}): Viewer => ({
  method: 'GET',
  scheme: 'https',
  host: 'd111.cloudfront.net',
  target,
  path: target,
  headers: {},
  ipAddress: '127.0.0.1',
  httpVersion: '1.1',
  ...more,
});
const admitted = { validFrom: 100, validUntil: 200, isUrlSigned: true, target: '/a' } as AdmittedRequest;

describe('a known link', () => {
  it('opens from the second after its start to the second before its end', () => {
    const links = new KnownLinks(10);
    links.add(viewer('/a'), admitted);
    expect([100, 101, 199, 200].map((now) => links.find(viewer('/a'), now) !== undefined)).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('knows a link for the host and the scheme it was requested by, and no other', () => {
    const links = new KnownLinks(10);
    links.add(viewer('/a'), admitted);
    expect(links.find(viewer('/a', { host: 'other.example' }), 150)).toBeUndefined();
    expect(links.find(viewer('/a', { scheme: 'http' }), 150)).toBeUndefined();
    expect(links.find(viewer('/b'), 150)).toBeUndefined();
  });

  it('forgets what nobody asks for, keeps what somebody does, and holds no more than it may', () => {
    const links = new KnownLinks(10);
    links.add(viewer('/busy'), admitted);
    links.add(viewer('/idle'), admitted);
    for (let at = 0; at < 20; at++) {
      links.add(viewer(`/other-${at}`), admitted);
      expect(links.find(viewer('/busy'), 150)).toBeDefined();
    }
    const known = ['/idle', ...Array.from({ length: 20 }, (_none, at) => `/other-${at}`)];
    expect(links.find(viewer('/idle'), 150)).toBeUndefined();
    expect(known.filter((target) => links.find(viewer(target), 150)).length).toBeLessThan(10);
  });

  it('knows nothing any more once another distribution is served', () => {
    const links = new KnownLinks(10);
    links.add(viewer('/a'), admitted);
    links.clear();
    expect(links.find(viewer('/a'), 150)).toBeUndefined();
  });
});
