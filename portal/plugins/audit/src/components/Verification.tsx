import { StatusError, StatusOK } from '@backstage/core-components';
import { useApi } from '@backstage/frontend-plugin-api';
import { useAction } from '@devplatform/portal-react';
import Button from '@material-ui/core/Button';
import { useCallback, useState } from 'react';
import { AuditVerification, auditApiRef } from '../api';

/** Has the API prove the chain of hashes, and says what it found. */
export const Verification = () => {
  const api = useApi(auditApiRef);
  const [found, setFound] = useState<AuditVerification>();
  const { busy, run } = useAction(
    useCallback(async () => setFound(await api.verify()), [api]),
  );
  return (
    <>
      <Button
        variant="outlined"
        size="small"
        disabled={busy}
        onClick={() => run()}
      >
        Verify the chain
      </Button>
      <span role="status">
        {found?.valid && (
          <StatusOK>
            {`Intact: ${found.count} events, head ${found.headHash.slice(
              0,
              12,
            )}`}
          </StatusOK>
        )}
        {found && !found.valid && (
          <StatusError>
            {`Broken at event ${found.brokenAt}: ${found.problem}`}
          </StatusError>
        )}
      </span>
    </>
  );
};
