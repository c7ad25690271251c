import { PageBody } from '@devplatform/portal-react';
import { RequestList } from './RequestList';

const LIVE = ['Pending', 'Approved', 'Active'];

/** Access that is over, of everybody whose requests the caller may see. */
export const HistoryPage = () => (
  <PageBody>
    <RequestList
      query={{ view: 'all' }}
      only={request => !LIVE.includes(request.state)}
      label="History"
      empty="No access that you may see has ended on this page of the list."
    />
  </PageBody>
);
