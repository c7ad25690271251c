import { TestApiProvider } from '@backstage/frontend-test-utils';
import { signalApiRef } from '@backstage/plugin-signals-react';
import { act, renderHook as render } from '@testing-library/react';
import { PropsWithChildren } from 'react';
import { useLive } from './useLive';

/** Signals that come when the test says so. */
class FakeSignals {
  readonly subscribed: string[] = [];
  private readonly heard = new Map<string, () => void>();

  subscribe<T>(channel: string, onMessage: (message: T) => void) {
    this.subscribed.push(channel);
    this.heard.set(channel, () => onMessage({ action: 'changed' } as T));
    return { unsubscribe: () => this.heard.delete(channel) };
  }

  tell(channel: string) {
    this.heard.get(channel)?.();
  }

  isHeard(channel: string) {
    return this.heard.has(channel);
  }
}

let signals: FakeSignals;
beforeEach(() => {
  signals = new FakeSignals();
});

const WithSignals = (props: PropsWithChildren<{}>) => (
  <TestApiProvider apis={[[signalApiRef, signals]]}>
    {props.children}
  </TestApiProvider>
);

const renderHook = <T,>(hook: () => T) =>
  render(hook, { wrapper: WithSignals });

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

  it('loads anew when the API says that something changed, and seldom otherwise', async () => {
    const load = jest.fn().mockResolvedValue('x');
    const { unmount } = renderHook(() =>
      useLive(load, [], { changes: 'access' }),
    );
    await settle(59_000);
    expect(load).toHaveBeenCalledTimes(1);

    signals.tell('access');
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
    signals.tell('something-else');
    await settle(59_000);
    expect(load).toHaveBeenCalledTimes(2);

    await settle(1000);
    expect(load).toHaveBeenCalledTimes(3);
    unmount();
    expect(signals.isHeard('access')).toBe(false);
  });

  it('shares what it listens to with others, until the last one leaves', async () => {
    const one = jest.fn().mockResolvedValue('x');
    const two = jest.fn().mockResolvedValue('x');
    const first = renderHook(() => useLive(one, [], { changes: 'access' }));
    renderHook(() => useLive(two, [], { changes: 'access' }));
    await settle();
    expect(signals.subscribed).toEqual(['access']);

    first.unmount();
    signals.tell('access');
    await settle();
    expect(one).toHaveBeenCalledTimes(1);
    expect(two).toHaveBeenCalledTimes(2);
  });

  it('looks when a page is shown again that was told of changes while it was hidden', async () => {
    const load = jest.fn().mockResolvedValue('x');
    renderHook(() => useLive(load, [], { changes: 'access' }));
    await settle();
    const hidden = jest.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    signals.tell('access');
    signals.tell('access');
    await settle();
    expect(load).toHaveBeenCalledTimes(1);

    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange'));
    await settle();
    expect(load).toHaveBeenCalledTimes(2);
    hidden.mockRestore();
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
