import {
  StatusAborted,
  StatusError,
  StatusOK,
  StatusPending,
  StatusRunning,
  StatusWarning,
} from '@backstage/core-components';

const LOOKS: Record<string, typeof StatusOK> = {
  // access and approvals
  Pending: StatusPending,
  Approved: StatusOK,
  Active: StatusOK,
  Expired: StatusAborted,
  Revoked: StatusAborted,
  Denied: StatusError,
  Cancelled: StatusAborted,
  // resources
  Requested: StatusPending,
  Provisioning: StatusRunning,
  Ready: StatusOK,
  Degraded: StatusWarning,
  Failed: StatusError,
  Deleting: StatusAborted,
  Orphaned: StatusWarning,
  // Argo CD
  Synced: StatusOK,
  OutOfSync: StatusWarning,
  Healthy: StatusOK,
  Progressing: StatusRunning,
  Suspended: StatusPending,
  Missing: StatusWarning,
  Running: StatusRunning,
  Succeeded: StatusOK,
  Error: StatusError,
  // tools
  Online: StatusOK,
  Offline: StatusError,
  Unknown: StatusPending,
  // audit
  success: StatusOK,
  failure: StatusError,
  denied: StatusWarning,
};

/** A state as its word beside a symbol: never a colour alone. */
export const State = (props: { state: string; label?: string }) => {
  const Look = LOOKS[props.state] ?? StatusPending;
  return <Look>{props.label ?? props.state}</Look>;
};
