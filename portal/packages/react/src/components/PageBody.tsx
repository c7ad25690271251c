import { Content } from '@backstage/core-components';
import { PropsWithChildren } from 'react';

/** The content of a page, as its main landmark: the header above it has none. */
export const PageBody = (props: PropsWithChildren<{}>) => (
  <main>
    <Content>{props.children}</Content>
  </main>
);
