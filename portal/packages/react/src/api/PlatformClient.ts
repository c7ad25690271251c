import { FetchApi } from '@backstage/frontend-plugin-api';
import { ResponseError } from '@backstage/errors';

/** A page of a list of the API. */
export type Page<T> = { items: T[]; nextCursor: string | null };

type Query = Record<string, string | number | string[] | undefined>;

/** Calls one part of the API: `/api/<plugin>`. Failures are Backstage's `ResponseError`s. */
export class PlatformClient {
  constructor(
    private readonly fetchApi: FetchApi,
    private readonly plugin: string,
  ) {}

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return (await this.send('GET', path, query)).json();
  }

  /** The answer as a file; for downloads that need the caller's token. */
  async blob(path: string, query: Query = {}): Promise<Blob> {
    return (await this.send('GET', path, query)).blob();
  }

  async post<T>(path: string, body: unknown = {}): Promise<T> {
    return (await this.send('POST', path, {}, body)).json();
  }

  async put(path: string): Promise<void> {
    await this.send('PUT', path);
  }

  async delete(path: string): Promise<void> {
    await this.send('DELETE', path);
  }

  private async send(
    method: string,
    path: string,
    query: Query = {},
    body?: unknown,
  ) {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') {
        [value].flat().forEach(one => parameters.append(name, `${one}`));
      }
    }
    const search = parameters.size > 0 ? `?${parameters}` : '';
    const response = await this.fetchApi.fetch(
      `plugin://${this.plugin}${path}${search}`,
      {
        method,
        ...(body !== undefined && {
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}

/** What went wrong, in the API's own words where it said any. */
export function messageOf(error: unknown): string {
  if (error instanceof TypeError) {
    return 'The platform does not answer at the moment.';
  }
  const body = (error as { body?: { error?: { message?: string } } }).body;
  return body?.error?.message ?? (error as Error).message ?? `${error}`;
}
