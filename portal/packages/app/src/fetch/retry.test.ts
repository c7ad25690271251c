import { retryReads } from './retry';

const answer = (status: number) => ({ status } as Response);

describe('retryReads', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('reads again until the API is back', async () => {
    const next = jest
      .fn()
      .mockRejectedValueOnce(new TypeError('Failed to fetch'))
      .mockResolvedValueOnce(answer(503))
      .mockResolvedValueOnce(answer(200));
    const reading = retryReads.apply(next)('/api/catalog/entities');
    await jest.runAllTimersAsync();
    expect((await reading).status).toBe(200);
    expect(next).toHaveBeenCalledTimes(3);
  });

  it('does not repeat what changes something', async () => {
    const next = jest.fn().mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(
      retryReads.apply(next)('/api/access/requests', { method: 'POST' }),
    ).rejects.toThrow('Failed to fetch');
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('gives back answers that another attempt would not change', async () => {
    const next = jest.fn().mockResolvedValue(answer(404));
    expect((await retryReads.apply(next)('/api/x')).status).toBe(404);
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('stops when it is aborted', async () => {
    const controller = new AbortController();
    const next = jest.fn().mockImplementation(async () => {
      controller.abort();
      throw new DOMException('Aborted', 'AbortError');
    });
    await expect(
      retryReads.apply(next)('/api/x', { signal: controller.signal }),
    ).rejects.toThrow('Aborted');
    expect(next).toHaveBeenCalledTimes(1);
  });
});
