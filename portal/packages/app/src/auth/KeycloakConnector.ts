import {
  AuthConnector,
  AuthConnectorCreateSessionOptions,
  OAuth2Session,
  openLoginPopup,
} from '@backstage/core-app-api';
import {
  ConfigApi,
  DiscoveryApi,
  OAuthRequestApi,
  OAuthRequester,
} from '@backstage/core-plugin-api';
import { ResponseError } from '@backstage/errors';

const PROVIDER = { id: 'oidc', title: 'Keycloak', icon: () => null };
const SCOPE = 'openid profile email';

/** Pauses between attempts to refresh while the API does not answer; the last one is repeated. */
const PAUSES_MS = [500, 1000, 2000, 3000, 5000];
const ATTEMPTS = 60;

type AuthResponse = {
  profile: OAuth2Session['profile'];
  providerInfo: {
    idToken: string;
    accessToken: string;
    scope: string;
    expiresInSeconds?: number;
  };
  backstageIdentity?: {
    token: string;
    expiresInSeconds?: number;
    identity: NonNullable<OAuth2Session['backstageIdentity']>['identity'];
  };
};

/**
 * Talks to the API's sign-in endpoints. Unlike Backstage's own connector it tells an API that is away (restarting, or the network
 * is down) from a session that is over: the former is waited for, so that nobody has to sign in again because of a restart.
 */
export class KeycloakConnector implements AuthConnector<OAuth2Session> {
  private readonly discoveryApi: DiscoveryApi;
  private readonly environment: string;
  private readonly askToSignIn: OAuthRequester<OAuth2Session>;

  constructor(deps: {
    configApi: ConfigApi;
    discoveryApi: DiscoveryApi;
    oauthRequestApi: OAuthRequestApi;
  }) {
    this.discoveryApi = deps.discoveryApi;
    this.environment =
      deps.configApi.getOptionalString('auth.environment') ?? 'development';
    this.askToSignIn = deps.oauthRequestApi.createAuthRequester({
      provider: PROVIDER,
      onAuthRequest: () => this.signInWithPopup(),
    });
  }

  async createSession(
    options: AuthConnectorCreateSessionOptions,
  ): Promise<OAuth2Session> {
    return options.instantPopup
      ? this.signInWithPopup()
      : this.askToSignIn(new Set());
  }

  async refreshSession(): Promise<OAuth2Session> {
    const url = await this.url('refresh', { scope: SCOPE, optional: '' });
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(url, {
        headers: { 'x-requested-with': 'XMLHttpRequest' },
        credentials: 'include',
      }).catch(() => undefined);
      if (response?.ok) {
        const body = await response.json();
        if (body.error) {
          throw new Error(body.error.message);
        }
        return toSession(body);
      }
      const away =
        !response || response.status >= 500 || response.status === 429;
      if (!away || attempt >= ATTEMPTS) {
        throw response
          ? await ResponseError.fromResponse(response)
          : new Error('The API does not answer');
      }
      await pause(PAUSES_MS[Math.min(attempt, PAUSES_MS.length - 1)]);
    }
  }

  /** Ends the session here and in Keycloak, whose page is the last one seen. */
  async removeSession(): Promise<void> {
    const response = await fetch(await this.url('logout'), {
      method: 'POST',
      headers: { 'x-requested-with': 'XMLHttpRequest' },
      credentials: 'include',
    });
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    const { logoutUrl } = await response
      .json()
      .catch(() => ({ logoutUrl: undefined }));
    if (logoutUrl && /^https?:$/.test(new URL(logoutUrl).protocol)) {
      window.location.href = logoutUrl;
      // The page is about to go: whatever would follow a sign-out must not race with that.
      await new Promise(() => {});
    }
  }

  private async signInWithPopup(): Promise<OAuth2Session> {
    const response = await openLoginPopup({
      url: await this.url('start', {
        scope: SCOPE,
        origin: window.location.origin,
        flow: 'popup',
      }),
      name: 'Keycloak sign-in',
      width: 500,
      height: 730,
    });
    return toSession(response as AuthResponse);
  }

  private async url(path: string, query: Record<string, string> = {}) {
    const baseUrl = await this.discoveryApi.getBaseUrl('auth');
    const parameters = new URLSearchParams({ ...query, env: this.environment });
    return `${baseUrl}/${PROVIDER.id}/${path}?${parameters}`;
  }
}

function toSession(response: AuthResponse): OAuth2Session {
  const { profile, providerInfo, backstageIdentity } = response;
  return {
    profile,
    providerInfo: {
      idToken: providerInfo.idToken,
      accessToken: providerInfo.accessToken,
      scopes: new Set((providerInfo.scope ?? '').split(' ').filter(Boolean)),
      expiresAt: inSeconds(providerInfo.expiresInSeconds),
    },
    backstageIdentity: backstageIdentity && {
      token: backstageIdentity.token,
      identity: backstageIdentity.identity,
      expiresAt: inSeconds(backstageIdentity.expiresInSeconds),
    },
  };
}

function inSeconds(seconds?: number) {
  return seconds ? new Date(Date.now() + seconds * 1000) : undefined;
}

function pause(milliseconds: number) {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
