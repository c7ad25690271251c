import { KeycloakConnector } from './KeycloakConnector';

const session = {
  profile: { displayName: 'Dana' },
  providerInfo: {
    idToken: 'id',
    accessToken: 'access',
    scope: 'openid profile',
    expiresInSeconds: 300,
  },
  backstageIdentity: {
    token: 'access',
    expiresInSeconds: 300,
    identity: {
      type: 'user',
      userEntityRef: 'user:default/dana',
      ownershipEntityRefs: [],
    },
  },
};

const answer = (status: number, body: unknown = {}) =>
  ({
    ok: status < 400,
    status,
    statusText: `${status}`,
    headers: new Headers({ 'content-type': 'application/json' }),
    json: async () => body,
    text: async () => JSON.stringify(body),
  } as Response);

describe('KeycloakConnector', () => {
  const connector = new KeycloakConnector({
    configApi: { getOptionalString: () => undefined } as any,
    discoveryApi: { getBaseUrl: async () => 'http://api/api/auth' },
    oauthRequestApi: { createAuthRequester: () => jest.fn() } as any,
  });

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('waits for an API that is restarting instead of ending the session', async () => {
    const fetch = jest
      .spyOn(global, 'fetch')
      .mockRejectedValueOnce(new TypeError('Failed to fetch'))
      .mockResolvedValueOnce(answer(503))
      .mockResolvedValueOnce(answer(200, session));
    const refreshing = connector.refreshSession();
    await jest.runAllTimersAsync();
    const { providerInfo, backstageIdentity } = await refreshing;
    expect(fetch).toHaveBeenCalledTimes(3);
    expect(providerInfo.scopes).toEqual(new Set(['openid', 'profile']));
    expect(backstageIdentity?.identity.userEntityRef).toBe('user:default/dana');
  });

  it('says at once that a session is over', async () => {
    const fetch = jest.spyOn(global, 'fetch').mockResolvedValue(
      answer(401, {
        error: { name: 'AuthenticationError', message: 'Missing session' },
      }),
    );
    await expect(connector.refreshSession()).rejects.toThrow();
    expect(fetch).toHaveBeenCalledTimes(1);
    expect(`${fetch.mock.calls[0][0]}`).toContain(
      'http://api/api/auth/oidc/refresh?',
    );
  });
});
