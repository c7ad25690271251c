/** @jest-environment node */
import { resumeStreams } from './resumeStreams';

/** A stream that says these things, and then ends or breaks. */
function stream(says: string[], breaks = false) {
  const encoder = new TextEncoder();
  const left = [...says];
  const body = new ReadableStream({
    pull(controller) {
      const next = left.shift();
      if (next !== undefined) {
        controller.enqueue(encoder.encode(next));
      } else if (breaks) {
        controller.error(new TypeError('network error'));
      } else {
        controller.close();
      }
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream' },
  });
}

const lastEventIds = (next: jest.Mock) =>
  next.mock.calls.map(([, init]) =>
    new Headers(init?.headers).get('last-event-id'),
  );

const open = (next: jest.Mock, init?: RequestInit) =>
  resumeStreams.apply(next)('/api/scaffolder/v2/tasks/1/eventstream', init);

describe('resumeStreams', () => {
  it('goes on after the last event when the stream asks to come again', async () => {
    const next = jest
      .fn()
      .mockResolvedValueOnce(stream(['data: a\nid: 1\n\n', 'retry: 500\n\n']))
      .mockResolvedValueOnce(stream(['data: b\nid: 2\n\n']));
    const text = await (await open(next, { headers: { x: 'y' } })).text();
    expect(text).toBe('data: a\nid: 1\n\nretry: 500\n\ndata: b\nid: 2\n\n');
    expect(lastEventIds(next)).toEqual([null, '1']);
    expect(new Headers(next.mock.calls[1][1].headers).get('x')).toBe('y');
  });

  it('gives an event that was cut once and whole', async () => {
    const next = jest
      .fn()
      .mockResolvedValueOnce(stream(['data: a\nid: 1\n\ndata: b', 'b\n'], true))
      .mockResolvedValueOnce(stream(['data: bb\n', 'id: 2\n\n']));
    expect(await (await open(next)).text()).toBe(
      'data: a\nid: 1\n\ndata: bb\nid: 2\n\n',
    );
    expect(lastEventIds(next)).toEqual([null, '1']);
  });

  it('is over when the stream is', async () => {
    const next = jest
      .fn()
      .mockResolvedValueOnce(stream(['event: finish\ndata: {}\n\n']));
    expect(await (await open(next)).text()).toContain('finish');
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('fails when it is refused then', async () => {
    const next = jest
      .fn()
      .mockResolvedValueOnce(stream(['data: a\nid: 1\n\nretry: 500\n\n']))
      .mockResolvedValueOnce(
        new Response('', { status: 401, statusText: 'Unauthorized' }),
      );
    await expect(async () => (await open(next)).text()).rejects.toThrow(
      'Unauthorized',
    );
  });

  it('fails with a stream that broke and has no ids', async () => {
    const next = jest.fn().mockResolvedValueOnce(stream(['data: a\n\n'], true));
    await expect(async () => (await open(next)).text()).rejects.toThrow(
      'network error',
    );
  });

  it('stops when nobody reads any more', async () => {
    const next = jest
      .fn()
      .mockImplementation(async () =>
        stream(['data: a\nid: 1\n\nretry: 500\n\n']),
      );
    const reader = (await open(next)).body!.getReader();
    await reader.read();
    await reader.cancel();
    await new Promise(resolve => setTimeout(resolve, 700));
    expect(next).toHaveBeenCalledTimes(1);
  });

  it('leaves other answers alone', async () => {
    const answer = new Response('{}', {
      headers: { 'content-type': 'application/json' },
    });
    expect(await open(jest.fn().mockResolvedValue(answer))).toBe(answer);
  });
});
