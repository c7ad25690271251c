import { act, renderHook } from '@testing-library/react';
import { useLive } from './useLive';

describe('useLive', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const settle = (milliseconds = 0) =>
    act(() => jest.advanceTimersByTimeAsync(milliseconds));

  it('keeps the last value over a failure, and loads again until it works', async () => {
    const load = jest
      .fn()
      .mockResolvedValueOnce('first')
      .mockRejectedValueOnce(new TypeError('Failed to fetch'))
      .mockResolvedValueOnce('second');
    const { result } = renderHook(() => useLive(load, []));
    await settle();
    expect(result.current.value).toBe('first');

    act(() => result.current.refresh());
    await settle();
    expect(result.current.value).toBe('first');
    expect(result.current.error?.message).toBe('Failed to fetch');

    await settle(5000);
    expect(result.current.value).toBe('second');
    expect(result.current.error).toBeUndefined();
  });

  it('does not repeat what is refused', async () => {
    const refused = Object.assign(new Error('no'), { statusCode: 403 });
    const load = jest.fn().mockRejectedValue(refused);
    renderHook(() => useLive(load, []));
    await settle(60_000);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('loads once more for however many refreshes come while it loads', async () => {
    let finish: (value: string) => void = () => {};
    const load = jest.fn(
      () => new Promise<string>(resolve => (finish = resolve)),
    );
    const { result } = renderHook(() => useLive(load, []));
    act(() => {
      result.current.refresh();
      result.current.refresh();
      result.current.refresh();
    });
    expect(load).toHaveBeenCalledTimes(1);
    finish('first');
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('loads anew in the given rhythm', async () => {
    const load = jest.fn().mockResolvedValue('x');
    const { unmount } = renderHook(() => useLive(load, [], { everyMs: 1000 }));
    await settle(3500);
    expect(load).toHaveBeenCalledTimes(4);
    unmount();
    await settle(3500);
    expect(load).toHaveBeenCalledTimes(4);
  });
});
