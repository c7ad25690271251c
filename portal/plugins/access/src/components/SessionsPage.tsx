import { PageBody } from '@devplatform/portal-react';
import { RequestList } from './RequestList';

/** Access that is being used now: one's own, and for those who may end it, everybody's. */
export const SessionsPage = () => (
  <PageBody>
    <RequestList
      query={{ view: 'all', state: ['Active'] }}
      label="Active sessions"
      empty="Nobody's access that you may see is active."
    />
  </PageBody>
);
