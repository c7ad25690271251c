import { SignInPage as BackstageSignInPage } from '@backstage/core-components';
import { SignInPageProps } from '@backstage/plugin-app-react';
import { keycloakAuthApiRef } from './apiRef';

const provider = {
  id: 'oidc',
  title: 'Keycloak',
  message: 'Sign in with your company account',
  apiRef: keycloakAuthApiRef,
};

export const SignInPage = (props: SignInPageProps) => (
  <BackstageSignInPage {...props} provider={provider} align="center" />
);
