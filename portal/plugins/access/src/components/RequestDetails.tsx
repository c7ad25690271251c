import { ErrorPanel } from '@backstage/core-components';
import { useApi } from '@backstage/frontend-plugin-api';
import { useLive } from '@devplatform/portal-react';
import LinearProgress from '@material-ui/core/LinearProgress';
import { useParams } from 'react-router-dom';
import { accessApiRef } from '../api';
import { RequestItem } from './RequestItem';

export const RequestDetails = () => {
  const api = useApi(accessApiRef);
  const { id = '' } = useParams();
  const live = useLive(() => api.request(id), [api, id], { changes: 'access' });
  if (!live.value) {
    return live.error ? (
      <ErrorPanel error={live.error} />
    ) : (
      <LinearProgress aria-label="Loading" />
    );
  }
  return <RequestItem request={live.value} onChanged={live.refresh} />;
};
