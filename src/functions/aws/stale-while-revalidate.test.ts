import { afterEach, describe, expect, it, vi } from 'vitest';
import { staleWhileRevalidate } from './stale-while-revalidate';

afterEach(() => vi.restoreAllMocks());

/** A source whose answers the test gives, on a clock that the test moves. */
function bench() {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  const clock = { now: 0 };
  const fetches: { resolve: (value: string) => void; reject: (error: Error) => void }[] = [];
  const fetchValue = () =>
    new Promise<string>((resolve, reject) => {
      fetches.push({ resolve, reject });
    });
  const get = staleWhileRevalidate(fetchValue, { freshMs: 10, staleMs: 100, pauseMs: 5, now: () => clock.now });
  const settle = () => new Promise((done) => setImmediate(done));
  return { clock, fetches, get, settle };
}

describe('a value that is refreshed', () => {
  it('fetches once for all who ask at the same time, and then serves what it has', async () => {
    const { fetches, get } = bench();
    const both = Promise.all([get(), get()]);
    fetches[0]?.resolve('a');
    expect(await both).toEqual(['a', 'a']);
    expect(await get()).toBe('a');
    expect(fetches).toHaveLength(1);
  });

  it('serves the old value while it fetches the new one', async () => {
    const { clock, fetches, get, settle } = bench();
    const first = get();
    fetches[0]?.resolve('a');
    await first;
    clock.now = 10;
    expect([await get(), await get()]).toEqual(['a', 'a']);
    expect(fetches).toHaveLength(2);
    fetches[1]?.resolve('b');
    await settle();
    expect(await get()).toBe('b');
  });

  it('keeps the old value when a refresh fails, tries again after a pause, and gives up when it is too old', async () => {
    const { clock, fetches, get, settle } = bench();
    const first = get();
    fetches[0]?.resolve('a');
    await first;
    clock.now = 10;
    await get();
    fetches[1]?.reject(new Error('secret'));
    await settle();
    expect(await get()).toBe('a');
    expect(fetches).toHaveLength(2);
    clock.now = 15;
    expect(await get()).toBe('a');
    expect(fetches).toHaveLength(3);
    fetches[2]?.reject(new Error('secret'));
    await settle();
    clock.now = 100;
    const late = get();
    fetches[3]?.reject(new Error('gone'));
    await expect(late).rejects.toThrow('gone');
    expect(JSON.stringify(vi.mocked(console.error).mock.calls)).not.toContain('secret');
  });

  it('does not keep a failure of the first fetch', async () => {
    const { fetches, get } = bench();
    const first = get();
    fetches[0]?.reject(new Error('no'));
    await expect(first).rejects.toThrow('no');
    const second = get();
    fetches[1]?.resolve('a');
    expect(await second).toBe('a');
  });
});
