import { PageBody } from '@devplatform/portal-react';
import { ENDED_STATES } from '../api';
import { RequestList } from './RequestList';

/** Access that is over, of everybody whose requests the caller may see. */
export const HistoryPage = () => (
  <PageBody>
    <RequestList
      query={{ view: 'all', state: ENDED_STATES }}
      label="History"
      empty="No access that you may see has ended."
    />
  </PageBody>
);
